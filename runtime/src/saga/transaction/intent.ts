import type { SagaAction } from "../machine/index.js";
import { Fenced } from "./fenced.js";

/** That a transition is stored. Commands that it begins are prepared meanwhile. */
export class Intent {
  /** Rejects with {@link Fenced} if it is not stored. */
  readonly stored: Promise<void>;
  /** The commands that wait for it. */
  readonly prepared: Set<SagaAction> = new Set();
  /** When the transaction began, by `performance.now()`: leases that it sets are not over sooner than counted from then. */
  readonly begunAt: number = performance.now();
  private confirm: () => void = () => {};
  private reject: (error: Fenced) => void = () => {};

  constructor() {
    this.stored = new Promise((resolve, reject) => {
      this.confirm = resolve;
      this.reject = reject;
    });
    // Nobody may wait for it.
    this.stored.catch(() => {});
  }

  end(isStored: boolean): void {
    if (isStored) this.confirm();
    else this.reject(new Fenced("not_stored"));
  }
}
