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

const slowMethods = [
  "append",
  "appendWithKeys",
  "appendToStreams",
  "appendSequence",
  "loadStream",
  "readStream",
  "findCommand",
] as const;

/** Options of the store in memory. */
export interface MemoryOptions {
  /**
   * The largest event, in bytes. Default 1 MiB. Events are not encoded here, so the limit applies to events that are given as
   * bytes: imported events, events with personal fields, events of state-stored aggregates.
   */
  readonly maxEventSize?: number;
  /**
   * Delay before each load and each append, in milliseconds, as with a database, so that concurrent writers conflict. Default 0: no
   * delay.
   */
  readonly latency?: number;
  /**
   * The clock by which timers, schedules and leases run, and events are recorded: `virtualClock()` of `@potter/runtime/testing`, so
   * that tests need not wait for a timer. It must run at the speed of time, and may jump forward. Default: that of the system.
   */
  readonly clock?: { now(): Date };
}

/** Creates a store in memory, for tests and experiments. Its data is lost when the process ends. */
export function memory({ latency = 0, clock, ...options }: MemoryOptions = {}): Store {
  const maxEventSize = toMaxEventSize(options.maxEventSize);
  // One mutex for both: an inline append and a checkpoint may write the same rows.
  const transactions = new Mutex();
  const virtualNow = clock && (() => clock.now().getTime());
  const now = virtualNow ?? (() => Date.now());
  const commands = new MemoryCommands();
  const rows = new MemoryRowStore(transactions, commands, virtualNow);
  const uniqueValues = new MemoryUniqueValues();
  const outbox = new MemoryOutbox(now);
  const keys = new MemorySubjectKeyStore();
  const events = new MemoryEventStore({ rows, transactions, commands, uniqueValues, keys, maxEventSize, now });
  const states = new MemoryStateStore({ rows, transactions, commands, uniqueValues, outbox, maxEventSize, now });
  return {
    name: "memory",
    events: latency > 0 ? delayed<EventStore>(events, latency, slowMethods) : events,
    rows,
    states: latency > 0 ? delayed<StateStore>(states, latency, ["load", "write"]) : states,
    outbox,
    keys,
    schemas: new MemoryEventSchemaStore(),
    projections: new MemoryProjectionStore(rows, transactions, now),
    start: () => Promise.resolve(),
    stop: () => transactions.run(() => Promise.resolve()),
  };
}
