import type { Store } from "../store/ports/index.js";

/** The store of an app: opened once, by the start of the app or by reading before it. */
export class OpenStore {
  private readonly store: Store;
  /** What checks the opened store. */
  private readonly check: () => Promise<void>;
  private opening: Promise<void> | undefined;

  constructor(store: Store, check: () => Promise<void>) {
    this.store = store;
    this.check = check;
  }

  get isOpen(): boolean {
    return this.opening !== undefined;
  }

  /** Opens the store, unless it is open. If that fails, the next call tries again. */
  open(): Promise<void> {
    this.opening ??= this.attempt().catch(async (error: unknown) => {
      await this.close();
      throw error;
    });
    return this.opening;
  }

  /** Closes the store after a failure, if it is open: it can be opened again. */
  async close(): Promise<void> {
    if (this.opening === undefined) return;
    this.opening = undefined;
    await this.store.stop().catch(() => {});
  }

  private async attempt(): Promise<void> {
    await this.store.start();
    await this.check();
  }
}
