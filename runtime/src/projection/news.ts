import { onAbort, openWait } from "../async/index.js";

/** Wakes all who wait for something to have changed. */
export class News {
  private readonly waiters = new Set<() => void>();

  tell(): void {
    for (const wake of this.waiters) wake();
  }

  /** Resolves when something was told, after a time, or when the signal aborts. false: nothing was told in that time. */
  async wait(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
    const wait = openWait(milliseconds);
    let told = false;
    const wake = (): void => {
      told = true;
      wait.end();
      if (wait.isAbandoned()) this.waiters.delete(wake);
    };
    this.waiters.add(wake);
    const forget = onAbort(signal, wake);
    await wait.ended;
    this.waiters.delete(wake);
    forget();
    return told;
  }
}
