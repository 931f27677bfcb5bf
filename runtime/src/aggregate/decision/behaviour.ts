import { isRejection, type Rejection } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import type { EventDefinition } from "../../message/index.js";
import type { StoredEvent } from "../../store/ports/index.js";
import type {
  AggregateDefinition,
  AnyDeciderPart,
  DecideContext,
  Migrate,
  NewEvent,
  SnapshotCodec,
  Unique,
} from "../declaration/index.js";
import { type EventCatalog, EventTable } from "../events/index.js";
import { toUniqueIndexes, type UniqueIndex } from "./unique-index.js";

type Evolve = (state: unknown, event: unknown) => unknown;
type Decide = (state: unknown, command: unknown, ctx: DecideContext) => unknown;

/** A decider without its types, its handlers looked up: what apps and `specify` run. */
export interface Behaviour {
  readonly aggregate: AggregateDefinition;
  readonly snapshot: SnapshotCodec<unknown> | undefined;
  /** Converts a stored state of an older version. */
  readonly migrate: Migrate<unknown> | undefined;
  /** The unique values of its aggregates, and how to read them from a state. */
  readonly unique: readonly UniqueIndex[];
  initial(): unknown;
  decide(name: string, state: unknown, command: unknown, ctx: DecideContext): Rejection | readonly NewEvent[];
  /** The state after a recorded event. */
  replay(state: unknown, event: StoredEvent): unknown;
  /** The state after an event that was just decided on. */
  evolve(state: unknown, event: NewEvent): unknown;
  /** The function that writes the response to a command, if the decider has one. */
  reply(name: string): Decide | undefined;
}

const noEvents: readonly NewEvent[] = Object.freeze([]);

export function createBehaviour(part: AnyDeciderPart, catalog: EventCatalog): Behaviour {
  const { aggregate, decider } = part;
  const decide = decider.decide as { readonly [name: string]: Decide };
  const evolveByName = decider.evolve as { readonly [name: string]: Evolve };
  const replies = (decider.reply ?? {}) as { readonly [name: string]: Decide };
  const evolves = new EventTable<Evolve>();
  for (const [name, { type, version }] of Object.entries(aggregate.events)) {
    evolves.set(type, version, evolveByName[name] as Evolve);
  }
  const evolve = ({ type, version }: EventDefinition): Evolve => {
    const found = evolves.get(type, version);
    if (found !== undefined) return found;
    throw new PotterError(
      "data_loss",
      `${type} version ${version} is in a stream of ${aggregate.name}, but is no event of it`,
    );
  };
  return {
    aggregate,
    snapshot: decider.snapshot as SnapshotCodec<unknown> | undefined,
    migrate: decider.migrate as Migrate<unknown> | undefined,
    unique: toUniqueIndexes(decider.unique as Unique<unknown> | undefined),
    initial: () => decider.initial(),
    decide(name, state, command, ctx) {
      const decision = (decide[name] as Decide)(state, command, ctx);
      if (isRejection(decision)) return decision;
      if (Array.isArray(decision)) return decision as readonly NewEvent[];
      return decision === undefined ? noEvents : [decision as NewEvent];
    },
    replay(state, event) {
      const reader = catalog.reader(event);
      return evolve(reader.definition)(state, reader.read(event));
    },
    evolve: (state, event) => evolve(event.definition)(state, event.data),
    reply: (name) => replies[name],
  };
}
