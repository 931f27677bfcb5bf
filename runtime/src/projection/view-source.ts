import type { ReadModelDefinition } from "../cqrs/index.js";
import type { RowReader, RowTable } from "../event-store/index.js";
import type { ChangeHub } from "./change-hub.js";

/** What views of one read model share. */
export interface ViewSource {
  readonly definition: ReadModelDefinition;
  readonly rows: RowReader;
  readonly hub: ChangeHub;
  /** The table that answers at present: the live version of the projection. At once, where it is known. */
  table(): RowTable | Promise<RowTable>;
}
