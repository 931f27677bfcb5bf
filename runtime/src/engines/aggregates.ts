import { type AnyDeciderPart, createCommandHandlers, type EngineOptions } from "../aggregate/index.js";
import type { AnyMethod, Next } from "../cqrs/index.js";
import type { Engine } from "../message/index.js";
import { createEventFeeds } from "./event-feeds.js";
import { type EventLog, type OpenLog, openLog } from "./event-log.js";
import type { Part } from "./part.js";

/** Executes the commands of aggregates. */
export interface AggregatesEngine extends Engine<"aggregates"> {
  readonly openLog: OpenLog;
  /** Creates the handler of each command of an aggregate, by local name. */
  createHandlers(part: AnyDeciderPart, log: EventLog, options: EngineOptions): ReadonlyMap<string, Next>;
  /** Creates the handlers of the methods that follow the events of aggregates. */
  createFeeds(parts: readonly Part[], log: EventLog, events: EngineOptions["events"]): ReadonlyMap<AnyMethod, Next>;
}

export const aggregates: AggregatesEngine = {
  name: "aggregates",
  openLog,
  createHandlers: (part, { catalog }, options) => createCommandHandlers(part, catalog, options),
  createFeeds: createEventFeeds,
};

/** All engines of this name are the one above. */
export function isAggregates(engine: Engine): engine is AggregatesEngine {
  return engine.name === "aggregates";
}
