import type { MemoryCommands } from "./memory-commands.js";
import type { MemoryRowStore } from "./memory-row-store.js";
import type { MemorySubjectKeyStore } from "./memory-subject-key-store.js";
import type { MemoryUniqueValues } from "./memory-unique-values.js";
import type { Mutex } from "./mutex.js";

/** What the event store shares with the other stores in memory. */
export interface MemoryParts {
  readonly rows: MemoryRowStore;
  readonly transactions: Mutex;
  readonly commands: MemoryCommands;
  readonly uniqueValues: MemoryUniqueValues;
  readonly keys: MemorySubjectKeyStore;
  /** The largest event that is given as bytes. */
  readonly maxEventSize: number;
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
}
