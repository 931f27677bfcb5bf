import type { CallContext } from "./context.js";
import type { CarriedWait } from "./wait-request.js";

/** What the caller waits for; undefined: for nothing but the response. */
export function waitOf(context: CallContext): CarriedWait | undefined {
  // Of the context that the bus has created, also where middleware has derived another from it.
  return (context as { readonly options?: { readonly wait?: CarriedWait } }).options?.wait;
}
