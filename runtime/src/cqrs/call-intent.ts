import type { CallContext, CallOptions } from "./context.js";

/** A symbol, so that no transport can set it. */
const intentOfCall: unique symbol = Symbol("intent of a call");

/** What a call carries in its options within the process. */
interface WithIntent {
  readonly [intentOfCall]?: Promise<void>;
}

/**
 * Returns options of a call whose caller stores by itself that it sends the command, and then the outcome. The function that handles it
 * runs when `intent` has resolved, and does not if it rejects; its command id is reserved meanwhile. The call resolves before its
 * response is recorded. Without effect on commands of aggregates and on queries.
 */
export function withIntent(options: CallOptions, intent: Promise<void>): CallOptions {
  const given: CallOptions & WithIntent = { ...options, [intentOfCall]: intent };
  return given;
}

/** The intent that the caller stores; undefined: the caller stores none. */
export function intentOf(context: CallContext): Promise<void> | undefined {
  // Of the context that the bus has created, also where middleware has derived another from it.
  return (context as { readonly options?: WithIntent }).options?.[intentOfCall];
}
