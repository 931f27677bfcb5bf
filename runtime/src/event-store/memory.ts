import { toMaxEventSize } from "./checks.js";
import { Exclusive } from "./exclusive.js";
import { MemoryClaims } from "./memory-claims.js";
import { MemoryCommands } from "./memory-commands.js";
import { MemoryEventSchemas } from "./memory-event-schemas.js";
import { MemoryEventStore } from "./memory-event-store.js";
import { MemoryOutbox } from "./memory-outbox.js";
import { MemoryProjectionStore } from "./memory-projection-store.js";
import { MemoryRowStore } from "./memory-row-store.js";
import { MemoryStateStore } from "./memory-state-store.js";
import { MemorySubjectKeys } from "./memory-subject-keys.js";
import type { Store } from "./store.js";

export interface MemoryOptions {
  /**
   * The largest event, in bytes. Default 1 MiB. Events are not encoded here, so it is checked of those that come as bytes:
   * imported ones, those with personal fields, those of aggregates that store their state.
   */
  readonly maxEventSize?: number;
}

/** Keeps everything in this process; gone when it ends. For tests and trials. */
export function memory(options: MemoryOptions = {}): Store {
  const maxEventSize = toMaxEventSize(options.maxEventSize);
  // One for both: an inline append and a move of a checkpoint may write the same rows.
  const transactions = new Exclusive();
  const rows = new MemoryRowStore();
  const commands = new MemoryCommands();
  const claims = new MemoryClaims();
  const outbox = new MemoryOutbox();
  return {
    name: "memory",
    events: new MemoryEventStore({ rows, transactions, commands, claims, maxEventSize }),
    rows,
    states: new MemoryStateStore({ rows, transactions, commands, claims, outbox, maxEventSize }),
    outbox,
    keys: new MemorySubjectKeys(),
    schemas: new MemoryEventSchemas(),
    projections: new MemoryProjectionStore(rows, transactions),
    start: () => Promise.resolve(),
    stop: () => transactions.run(() => Promise.resolve()),
  };
}
