import type { MemoryCommands } from "./memory-commands.js";
import type { MemoryRowStore } from "./memory-row-store.js";
import type { MemoryClaims } from "./memory-unique-values.js";
import type { Exclusive } from "./mutex.js";

/** What an event store in memory shares with the other stores beside it. */
export interface MemoryParts {
  readonly rows: MemoryRowStore;
  readonly transactions: Exclusive;
  readonly commands: MemoryCommands;
  readonly claims: MemoryClaims;
  /** Of an event that comes as bytes. Default: `defaultMaxEventSize`. */
  readonly maxEventSize?: number;
}
