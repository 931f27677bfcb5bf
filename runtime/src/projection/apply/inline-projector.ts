import type { InlineProjections, NewEvent } from "../../aggregate/index.js";
import type { ApplyInline, RecordedEvent, RowKey, RowTransaction } from "../../store/ports/index.js";
import { type Projector, RowsTarget } from "../declaration/index.js";
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
          made.push({ name: projector.name, keys: await applyTo(projector, recorded, transaction) });
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

/** Returns the rows that have changed. Throws the first error. */
function applyTo(
  projector: Projector,
  recorded: readonly RecordedEvent[],
  transaction: RowTransaction,
): Promise<readonly RowKey[]> {
  const { target } = projector;
  const [event] = recorded;
  return event !== undefined && recorded.length === 1 && target instanceof RowsTarget
    ? applyOne(projector, target, event, transaction)
    : applyAll(projector, recorded, transaction);
}

/** The common case: no row needs to be read ahead for other events, and no change of another event could be undone. */
async function applyOne(
  projector: Projector,
  target: RowsTarget,
  event: RecordedEvent,
  transaction: RowTransaction,
): Promise<readonly RowKey[]> {
  if (!projector.concerns(event.type)) return [];
  const { data, handler, meta } = projector.read(event);
  if (handler === undefined) return [];
  const { handle, changed, settled } = target.open(transaction, meta, projector.build);
  const handled = handler(data as never, handle as never, meta);
  if (handled !== undefined) await handled;
  const settling = settled();
  if (settling !== undefined) await settling;
  const keys = changed ?? [];
  const { tenant } = event.stream;
  return (keys.length > 1 ? [...new Set(keys)] : keys).map((key) => ({ tenant, key }));
}

async function applyAll(
  projector: Projector,
  recorded: readonly RecordedEvent[],
  transaction: RowTransaction,
): Promise<readonly RowKey[]> {
  const { build } = projector;
  const options = { projector, build, blocked: noKeys, poisoned: noFailures };
  const { changed, failures } = await new Batch(options, recorded, transaction).run();
  if (failures[0] !== undefined) throw failures[0].error;
  return changed;
}
