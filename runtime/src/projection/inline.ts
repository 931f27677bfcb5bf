import type { InlineProjector, NewEvent } from "../aggregate/index.js";
import type { InlineApply } from "../event-store/index.js";
import type { ChangeHub } from "./change-hub.js";
import type { Changes, Projector } from "./projector.js";

/** Applies inline projections within the transaction of each append that concerns one. */
export function createInlineProjector(projectors: readonly Projector[], hub: ChangeHub): InlineProjector | undefined {
  if (projectors.length === 0) return undefined;
  return {
    begin(events: readonly NewEvent[]) {
      const concerned = projectors.filter((p) => events.some((event) => p.concerns(event.definition.type)));
      if (concerned.length === 0) return undefined;
      let changes: readonly Changes[] = [];
      const apply: InlineApply = async (recorded, transaction) => {
        const made: Changes[] = [];
        for (const projector of concerned) made.push(await projector.apply(recorded, transaction));
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
