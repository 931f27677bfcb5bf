import type { Clock, Logger, Next } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import type { EventStore, RecordedEvent, StateStore } from "../../store/ports/index.js";
import { type Behaviour, createBehaviour } from "../decision/index.js";
import type { AnyDeciderPart } from "../declaration/index.js";
import type { EventCatalog } from "../events/index.js";
import {
  EventRepository,
  hasPolicy,
  type InlineProjections,
  type Repository,
  Snapshots,
  StateRepository,
} from "../repository/index.js";
import { createCommandHandler } from "./command-handler.js";
import { StreamQueue } from "./stream-queue.js";

/** What commands of aggregates need from the app. */
export interface EngineOptions {
  readonly events: EventStore;
  readonly states?: StateStore;
  /** Whether events of aggregates that store their state go to the outbox. */
  readonly outbox: boolean;
  readonly clock: Pick<Clock, "now">;
  readonly inline?: InlineProjections;
  readonly logger: Logger;
  /** Runs work that no caller waits for: it must end before the app does, and its failure must be logged. */
  background(work: Promise<void>): void;
}

/** The handler of each command of an aggregate, by local name. */
export function createCommandHandlers(
  part: AnyDeciderPart,
  catalog: EventCatalog,
  options: EngineOptions,
): ReadonlyMap<string, Next> {
  const behaviour = createBehaviour(part, catalog);
  const repository = createRepository(behaviour, catalog, options);
  const engine = { queue: new StreamQueue(repository, options.inline), commands: options.events };
  return new Map(
    Object.entries(part.aggregate.commands()).map(([name, command]) => [
      name,
      createCommandHandler(behaviour, name, command, engine),
    ]),
  );
}

function createRepository(behaviour: Behaviour, catalog: EventCatalog, options: EngineOptions): Repository {
  const { aggregate, snapshot: codec } = behaviour;
  if (aggregate.persistence === "state") {
    const { states, outbox } = options;
    if (states === undefined)
      throw new PotterError("invalid_argument", `the store has no state store, and ${aggregate.name} stores its state`);
    if (codec === undefined)
      throw new PotterError("invalid_argument", `${aggregate.name} stores its state: its decider needs a "snapshot"`);
    return new StateRepository(behaviour, codec, { states, outbox });
  }
  if (codec === undefined || !hasPolicy(aggregate)) {
    return new EventRepository(options.events, behaviour, undefined);
  }
  const { events, clock, logger } = options;
  // A store that does not serialize events does not know their sizes.
  const sizeOf = (event: RecordedEvent): number => {
    const { definition, read } = catalog.reader(event);
    return definition.codec.encode(read(event)).length;
  };
  const background = (work: Promise<void>) => options.background(work);
  return new EventRepository(
    events,
    behaviour,
    new Snapshots(aggregate, codec, { events, clock, logger, background, sizeOf }),
  );
}
