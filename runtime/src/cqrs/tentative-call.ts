import type { CallContext } from "./context.js";

/** Marks the options of a call that its caller makes again, by itself, if it fails. A symbol, so that no transport can set it. */
export const tentative: unique symbol = Symbol("tentative call");

/** What a call carries in its options within the process. */
export interface Tentative {
  readonly [tentative]?: true;
}

/** Whether the caller makes the call again if it fails: then its failure is no outcome, and not logged as one. */
export function isTentative(context: CallContext): boolean {
  // Of the context that the bus has created, also where middleware has derived another from it.
  return (context as { readonly options?: Tentative }).options?.[tentative] === true;
}
