import type { WaitsEngine } from "../engines/index.js";
import type { Engine } from "../message/index.js";
import type { OutboxEngine } from "../outbox/index.js";

// Types only: an app contains no engine that it is not given. The functions `waits` and `outbox` create all engines of these names.

/** Returns what the engine of the option `waits` can do. */
export function toWaitsEngine(given: Engine<"waits"> | undefined): WaitsEngine | undefined {
  return given as WaitsEngine | undefined;
}

/** Returns what the engine of the option `outbox` can do. */
export function toOutboxEngine(given: Engine<"outbox"> | undefined): OutboxEngine | undefined {
  return given as OutboxEngine | undefined;
}
