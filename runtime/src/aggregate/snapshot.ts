import type { EventStore, StreamId } from "../event-store/index.js";
import type { Behaviour } from "./behaviour.js";

/** Saves a snapshot if the append crossed a multiple of `snapshot_every`. Never part of the append: it may be lost. */
export function saveDueSnapshot(
  events: EventStore,
  { aggregate, snapshot }: Behaviour,
  stream: StreamId,
  append: { readonly before: number; readonly version: number; readonly state: unknown },
): Promise<void> | undefined {
  const every = aggregate.snapshotEvery;
  if (every === undefined || snapshot === undefined) return undefined;
  if (Math.floor(append.before / every) === Math.floor(append.version / every)) return undefined;
  return events.saveSnapshot(stream, {
    version: append.version,
    stateVersion: snapshot.version,
    state: snapshot.encode(append.state),
  });
}
