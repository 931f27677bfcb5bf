import { isRequestBound, openWait, type Wait } from "./wait.js";

/** Wakes a waiting loop. A notification before the wait is not lost: the next `wait` returns at once. */
export class WakeSignal {
  private readonly isBound: boolean;
  private current: Wait | undefined;
  private pending = false;

  /** `isBound`: whether waits are bound to their request; see `openWait`. */
  constructor(isBound: boolean = isRequestBound) {
    this.isBound = isBound;
  }

  /**
   * Clears earlier notifications. Call it before looking for work, so that work that arrives meanwhile ends the next
   * wait.
   */
  arm(): void {
    this.pending = false;
  }

  /** Ends the current wait, or else the next one. */
  notify(): void {
    this.pending = true;
    this.current?.end();
  }

  /** Whether the waiting loop will never continue; see `Wait`. */
  get isAbandoned(): boolean {
    return this.current?.isAbandoned() === true;
  }

  /** Resolves when it is notified, or after some milliseconds. */
  wait(milliseconds: number): Promise<void> {
    if (this.pending) return Promise.resolve();
    this.current = openWait(milliseconds, this.isBound);
    return this.current.ended;
  }
}
