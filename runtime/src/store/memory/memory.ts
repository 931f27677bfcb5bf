import { toMaxEventSize } from "../checks/index.js";
import type { EventStore, StateStore, Store } from "../ports/index.js";
import { delayed } from "./delayed.js";
import { MemoryCommands } from "./memory-commands.js";
import { MemoryEventSchemaStore } from "./memory-event-schema-store.js";
import { MemoryEventStore } from "./memory-event-store.js";
import { MemoryOutbox } from "./memory-outbox.js";
import { MemoryProjectionStore } from "./memory-projection-store.js";
import { MemoryRowStore } from "./memory-row-store.js";
import { MemoryStateStore } from "./memory-state-store.js";
import { MemorySubjectKeyStore } from "./memory-subject-key-store.js";
import { MemoryUniqueValues } from "./memory-unique-values.js";
import { Mutex } from "./mutex.js";

const slowMethods = ["append", "appendToStreams", "appendSequence", "loadStream", "readStream", "findCommand"] as const;

export interface MemoryOptions {
  /**
   * The largest event, in bytes. Default 1 MiB. Events are not encoded here, so it is checked of those that come as bytes:
   * imported ones, those with personal fields, those of aggregates that store their state.
   */
  readonly maxEventSize?: number;
  /**
   * How long each load and each append takes to reach the store, in milliseconds, as it does with a database: what several callers
   * do at once comes between, so that writers meet and conflict. Default 0: each is done at once.
   */
  readonly latency?: number;
}

/** Keeps everything in this process; gone when it ends. For tests and trials. */
export function memory({ latency = 0, ...options }: MemoryOptions = {}): Store {
  const maxEventSize = toMaxEventSize(options.maxEventSize);
  // One for both: an inline append and a move of a checkpoint may write the same rows.
  const transactions = new Mutex();
  const rows = new MemoryRowStore();
  const commands = new MemoryCommands();
  const uniqueValues = new MemoryUniqueValues();
  const outbox = new MemoryOutbox();
  const events = new MemoryEventStore({ rows, transactions, commands, uniqueValues, maxEventSize });
  const states = new MemoryStateStore({ rows, transactions, commands, uniqueValues, outbox, maxEventSize });
  return {
    name: "memory",
    events: latency > 0 ? delayed<EventStore>(events, latency, slowMethods) : events,
    rows,
    states: latency > 0 ? delayed<StateStore>(states, latency, ["load", "write"]) : states,
    outbox,
    keys: new MemorySubjectKeyStore(),
    schemas: new MemoryEventSchemaStore(),
    projections: new MemoryProjectionStore(rows, transactions),
    start: () => Promise.resolve(),
    stop: () => transactions.run(() => Promise.resolve()),
  };
}
