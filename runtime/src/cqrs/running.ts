import type { CallContext } from "./context.js";

/** Work that a caller waits for, and that can be aborted. */
export interface Running {
  /** Links of the list of all running work: cheaper than a set for entries that are added and removed with every call. */
  before?: Running | undefined;
  after?: Running | undefined;
  /** The context of the call that this is or belongs to. */
  readonly context?: CallContext | undefined;
  /** Rejects the pending promise and aborts the signal of the call. Has no effect after the end. */
  fail(error: unknown): void;
}
