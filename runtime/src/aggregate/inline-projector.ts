import type { ApplyInline } from "../store/ports/index.js";
import type { NewEvent } from "./types.js";

/** Projections that must change with the append of some events. */
export interface InlineProjector {
  /** undefined: none of the events concerns an inline projection. */
  begin(events: readonly NewEvent[]): { readonly apply: ApplyInline; committed(): void } | undefined;
}
