/** How work that is no call of a method runs on an app. `stop` waits for it. */
export interface AppAccess {
  /** Runs work on the started app. */
  use<T>(work: () => Promise<T>): Promise<T>;
  /** Runs work that only reads. An open store suffices: the app need not be started. */
  read<T>(work: () => Promise<T>): Promise<T>;
  /** Runs work that changes rows: on the started app, or on one that was opened to leave what follows to other processes. */
  change<T>(work: () => Promise<T>): Promise<T>;
}
