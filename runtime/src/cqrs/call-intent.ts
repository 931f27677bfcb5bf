import type { CallContext, CallOptions } from "./context.js";

/** A symbol, so that no transport can set it. */
const intentOfCall: unique symbol = Symbol("intent of a call");

/** The response of a command, which is to be recorded under its command id. */
export interface ResponseToRecord {
  /** Distinguishes different requests under one id. */
  readonly requestHash: string;
  /** The encoded response. */
  readonly response: Uint8Array;
}

/** What the caller of a command stores by itself. */
export interface CallIntent {
  /** Resolves when it is stored that the command is sent; rejects if it must not be. */
  readonly stored: Promise<void>;
  /** How long after the death of this process others send the command, in milliseconds. */
  readonly lease: number;
  /**
   * Whether this is the first time that the command is sent, and no other process can send it meanwhile. Then its id is not reserved.
   * Resolves when the intent is stored; rejects as `stored` does.
   */
  isFirst(): Promise<boolean>;
  /** Receives the response of a command whose id was not reserved: the caller records it together with the outcome. */
  record(response: ResponseToRecord): void;
  /** The call was aborted while the command runs: no other process may send it before this has settled. */
  waitFor(reserved: Promise<unknown>): void;
}

/** What a call carries in its options within the process. */
interface WithIntent {
  readonly [intentOfCall]?: CallIntent;
}

/**
 * Returns options of a call whose caller stores by itself that it sends the command, and then the outcome. The function that handles it
 * runs when the intent is stored. Unless the command is sent for the first time, its id is reserved meanwhile, for as long as the lease,
 * and the call resolves before its response is recorded. Without effect on commands of aggregates and on queries.
 */
export function withIntent(options: CallOptions, intent: CallIntent): CallOptions {
  const given: CallOptions & WithIntent = { ...options, [intentOfCall]: intent };
  return given;
}

/** The intent that the caller stores; undefined: the caller stores none. */
export function intentOf(context: CallContext): CallIntent | undefined {
  // Of the context that the bus has created, also where middleware has derived another from it.
  return (context as { readonly options?: WithIntent }).options?.[intentOfCall];
}
