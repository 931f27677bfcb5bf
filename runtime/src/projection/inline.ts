import type { InlineProjector, NewEvent } from "../aggregate/index.js";
import type { ApplyInline } from "../store/ports/index.js";
import { Batch, type Failure } from "./batch.js";
import type { ChangeHub, Changes } from "./change-hub.js";
import type { Projector } from "./projector.js";

const nothing: ReadonlySet<string> = new Set();
const nobody: ReadonlyMap<number, Failure> = new Map();

/** Applies inline projections within the transaction of each append that concerns one. What fails takes the append with it. */
export function createInlineProjector(projectors: readonly Projector[], hub: ChangeHub): InlineProjector | undefined {
  if (projectors.length === 0) return undefined;
  return {
    begin(events: readonly NewEvent[]) {
      const concerned = projectors.filter((p) => events.some((event) => p.concerns(event.definition.type)));
      if (concerned.length === 0) return undefined;
      let changes: readonly Changes[] = [];
      const apply: ApplyInline = async (recorded, transaction) => {
        const made: Changes[] = [];
        for (const projector of concerned) {
          const { build, name } = projector;
          const options = { projector, build, parked: nothing, poisoned: nobody };
          const { changed, failures } = await new Batch(options, recorded, transaction).run();
          if (failures[0] !== undefined) throw failures[0].error;
          made.push({ name, keys: changed });
        }
        changes = made;
      };
      return {
        apply,
        committed() {
          for (const change of changes) hub.publish(change);
        },
      };
    },
  };
}
