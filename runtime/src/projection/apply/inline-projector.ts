import type { InlineProjections, NewEvent } from "../../aggregate/index.js";
import type { ApplyInline } from "../../store/ports/index.js";
import type { Projector } from "../declaration/index.js";
import type { ChangeHub, Changes } from "../views/index.js";
import { Batch, type Failure } from "./batch.js";

const noKeys: ReadonlySet<string> = new Set();
const noFailures: ReadonlyMap<number, Failure> = new Map();

/** Applies inline projections in the transaction of each append that concerns one. A failure fails the append. */
export function createInlineProjector(projectors: readonly Projector[], hub: ChangeHub): InlineProjections | undefined {
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
          const options = { projector, build, blocked: noKeys, poisoned: noFailures };
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
