import type { CallContext } from "./context.js";
import type { WaitRequest } from "./wait-request.js";

/** What the caller waits for; undefined: for nothing but the response. */
export function waitOf(context: CallContext): WaitRequest | undefined {
  // Of the context that the bus has created, also where middleware has derived another from it.
  return (context as { readonly options?: { readonly wait?: WaitRequest } }).options?.wait;
}
