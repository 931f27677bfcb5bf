import type { MemoryCommands } from "./memory-commands.js";
import type { MemoryRowStore } from "./memory-row-store.js";
import type { MemoryUniqueValues } from "./memory-unique-values.js";
import type { Mutex } from "./mutex.js";

/** What an event store in memory shares with the other stores beside it. */
export interface MemoryParts {
  readonly rows: MemoryRowStore;
  readonly transactions: Mutex;
  readonly commands: MemoryCommands;
  readonly uniqueValues: MemoryUniqueValues;
  /** Of an event that comes as bytes. Default: `defaultMaxEventSize`. */
  readonly maxEventSize?: number;
}
