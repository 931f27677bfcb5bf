import type { EventStore, StreamId } from "../event-store/index.js";
import type { Behaviour } from "./behaviour.js";

/** Whether an append crosses a multiple of `snapshot_every`. */
export function isSnapshotDue({ aggregate, snapshot }: Behaviour, before: number, version: number): boolean {
  const every = aggregate.snapshotEvery;
  if (every === undefined || snapshot === undefined) return false;
  return Math.floor(before / every) !== Math.floor(version / every);
}

/** Saves a snapshot. Never part of the append: it may be lost. */
export async function saveSnapshot(
  events: EventStore,
  { snapshot }: Behaviour,
  stream: StreamId,
  { version, state }: { readonly version: number; readonly state: unknown },
): Promise<void> {
  if (snapshot === undefined) return;
  await events.saveSnapshot(stream, { version, stateVersion: snapshot.version, state: snapshot.encode(state) });
}
