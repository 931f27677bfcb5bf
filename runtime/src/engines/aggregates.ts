import { type AnyDeciderPart, createCommandHandlers, type EngineOptions } from "../aggregate/index.js";
import type { AnyMethod, Next } from "../cqrs/index.js";
import type { Engine } from "../message/index.js";
import { createEventFeeds } from "./event-feeds.js";
import { type EventLog, type OpenLog, openLog } from "./event-log.js";
import type { Part } from "./part.js";
import { checkStateStored } from "./state-stored.js";

/** Executes the commands of aggregates. */
export interface AggregatesEngine extends Engine<"aggregates"> {
  readonly openLog: OpenLog;
  /** Reports what the parts demand of aggregates that store their state, and what these cannot do. */
  findFaults(parts: readonly Part[]): readonly string[];
  /** Creates the handler of each command of an aggregate, by local name. */
  createHandlers(part: AnyDeciderPart, log: EventLog, options: EngineOptions): ReadonlyMap<string, Next>;
  /** Creates the handlers of the methods that follow the events of aggregates. */
  createFeeds(parts: readonly Part[], log: EventLog, events: EngineOptions["events"]): ReadonlyMap<AnyMethod, Next>;
}

export const aggregates: AggregatesEngine = {
  name: "aggregates",
  openLog,
  findFaults: checkStateStored,
  createHandlers: (part, { catalog }, options) => createCommandHandlers(part, catalog, options),
  createFeeds: createEventFeeds,
};

/** All engines of this name are the one above. */
export function isAggregates(engine: Engine): engine is AggregatesEngine {
  return engine.name === "aggregates";
}
