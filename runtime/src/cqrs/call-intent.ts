import type { AnyCodec } from "../message/index.js";
import type { CallResult } from "./call.js";
import type { CallContext, CallOptions } from "./context.js";

/** A symbol, so that no transport can set it. */
const intentOfCall: unique symbol = Symbol("intent of a call");

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
  /** Carries out a command that is sent for the first time. The caller records its response together with the outcome. */
  carryOut(attempt: FirstAttempt): Promise<Carried>;
}

/** The result of a command, and its encoded response. */
export interface Carried {
  readonly own: CallResult;
  readonly response: Uint8Array;
}

/** A command that is sent for the first time, and what it takes to reserve its id after all. */
export interface FirstAttempt {
  readonly signal: AbortSignal | undefined;
  readonly requestHash: string;
  readonly codec: AnyCodec;
  readonly held: {
    reserve(): Promise<Uint8Array | undefined>;
    release(): Promise<void>;
    record(response: Uint8Array, codec: AnyCodec): Promise<Uint8Array>;
  };
  run(): Promise<Carried>;
  /** Answers the call before its response is recorded. */
  answerNow(own: CallResult): void;
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
