import { isRequestBound, openWait, type Wait } from "./wait.js";

/** Wakes one sleeper, also one that lies down after it has rung. */
export class Bell {
  private readonly isBound: boolean;
  private wait: Wait | undefined;
  private pending = false;

  /** `isBound`: whether the sleeper may only be woken by itself; see `openWait`. */
  constructor(isBound: boolean = isRequestBound) {
    this.isBound = isBound;
  }

  /** Forgets what has rung before. To be called before looking for work, so that what comes meanwhile is not slept through. */
  arm(): void {
    this.pending = false;
  }

  ring(): void {
    this.pending = true;
    this.wait?.end();
  }

  /** Whether its sleeper will never wake up again; see `Wait`. */
  get isAbandoned(): boolean {
    return this.wait?.isAbandoned() === true;
  }

  /** Resolves when it rings, or after a time. */
  rung(milliseconds: number): Promise<void> {
    if (this.pending) return Promise.resolve();
    this.wait = openWait(milliseconds, this.isBound);
    return this.wait.ended;
  }
}
