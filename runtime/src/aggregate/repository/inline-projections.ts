import type { ApplyInline } from "../../store/ports/index.js";
import type { NewEvent } from "../declaration/index.js";

/** The inline projections of an app: they change in the transaction of an append. */
export interface InlineProjections {
  /** undefined: none of the events concerns an inline projection. */
  begin(events: readonly NewEvent[]): { readonly apply: ApplyInline; committed(): void } | undefined;
}
