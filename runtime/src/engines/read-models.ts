import type { Logger } from "../cqrs/index.js";
import type { Engine } from "../message/index.js";
import type { PageTokens } from "../paging/index.js";
import type { EventConsumer, ProjectionWorkerOptions } from "../projection/index.js";
import type { Store } from "../store/ports/index.js";
import { type EventLog, type OpenLog, openLog } from "./event-log.js";
import type { Part } from "./part.js";
import { ReadSide } from "./read-side.js";

/** Runs projections, and creates the views of read models. */
export interface ReadModelsEngine extends Engine<"read models"> {
  readonly openLog: OpenLog;
  open(
    parts: readonly Part[],
    log: EventLog,
    store: Store,
    tokens: PageTokens,
    logger: Logger,
    options: ProjectionWorkerOptions | undefined,
    consumers: readonly EventConsumer[],
  ): ReadSide;
}

export const readModels: ReadModelsEngine = {
  name: "read models",
  openLog,
  open: (...needs) => new ReadSide(...needs),
};

/** All engines of this name are the one above. */
export function isReadModels(engine: Engine): engine is ReadModelsEngine {
  return engine.name === "read models";
}
