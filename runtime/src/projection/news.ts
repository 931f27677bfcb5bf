/** Wakes all who wait for something to have changed. */
export class News {
  private readonly waiters = new Set<() => void>();

  tell(): void {
    for (const wake of this.waiters) wake();
  }

  /** Resolves when something was told, after a time, or when the signal aborts. false: nothing was told in that time. */
  wait(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (told: boolean) => () => {
        clearTimeout(timer);
        this.waiters.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve(told);
      };
      const wake = end(true);
      const timer = setTimeout(end(false), milliseconds);
      this.waiters.add(wake);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }
}
