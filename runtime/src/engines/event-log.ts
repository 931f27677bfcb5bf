import { EventCatalog } from "../aggregate/index.js";
import type { Logger } from "../cqrs/index.js";
import { registerEvents } from "../schemas/index.js";
import type { RecordedEvent, Store } from "../store/ports/index.js";
import { EventTail } from "../store/subscriptions/index.js";
import { type DecodedEvent, readContent } from "./event-content.js";
import { type HistoryEntry, readHistory } from "./history.js";
import { knownEvents } from "./known-events.js";
import type { Part } from "./part.js";

/** The events of an app: knows how they are read, and follows those that are recorded. */
export class EventLog {
  readonly catalog: EventCatalog = new EventCatalog();
  readonly tail: EventTail;
  private readonly store: Store;
  private readonly parts: readonly Part[];

  constructor(parts: readonly Part[], store: Store, logger: Logger) {
    this.parts = parts;
    this.store = store;
    for (const part of parts) if (part.kind === "decider") this.catalog.addDecider(part);
    this.tail = new EventTail(store.events, ({ error, attempt, retryIn }) =>
      logger.warn("followed events could not be read, will retry", { error, attempt, retryIn }),
    );
  }

  /** Checks that the stored events can be read, and stores new declarations. */
  start(): Promise<void> {
    return registerEvents(this.store, knownEvents(this.parts));
  }

  history(stream: RecordedEvent["stream"]): Promise<HistoryEntry[]> {
    return readHistory(this.store.events, this.catalog, stream);
  }

  decode(event: RecordedEvent): DecodedEvent | undefined {
    return readContent(this.catalog, event);
  }
}

/** Opens the log of an app. Part of each engine that works on events. */
export type OpenLog = (parts: readonly Part[], store: Store, logger: Logger) => EventLog;

export const openLog: OpenLog = (parts, store, logger) => new EventLog(parts, store, logger);
