/** Wakes one sleeper, also one that lies down after it has rung. */
export class Bell {
  private wake: (() => void) | undefined;
  private pending = false;

  /** Forgets what has rung before. To be called before looking for work, so that what comes meanwhile is not slept through. */
  arm(): void {
    this.pending = false;
  }

  ring(): void {
    this.pending = true;
    this.wake?.();
  }

  /** Resolves when it rings, or after a time. */
  rung(milliseconds: number): Promise<void> {
    if (this.pending) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.wake = wake;
    });
  }
}
