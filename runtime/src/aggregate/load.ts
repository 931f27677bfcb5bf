import type { EventStore, StreamId } from "../event-store/index.js";
import type { Behaviour } from "./behaviour.js";

/** The state of an aggregate at a version of its stream. */
export interface Loaded {
  readonly state: unknown;
  readonly version: number;
}

/** The present state: from what is known, or the newest usable snapshot, and the events since. */
export async function loadState(
  events: EventStore,
  behaviour: Behaviour,
  stream: StreamId,
  known?: Loaded,
): Promise<Loaded> {
  const start = known ?? (await fromSnapshot(events, behaviour, stream));
  const recorded = await events.readStream(stream, start.version);
  let { state } = start;
  for (const event of recorded) state = behaviour.replay(state, event);
  return { state, version: start.version + recorded.length };
}

async function fromSnapshot(events: EventStore, behaviour: Behaviour, stream: StreamId): Promise<Loaded> {
  const codec = behaviour.aggregate.snapshotEvery === undefined ? undefined : behaviour.snapshot;
  const snapshot = codec && (await events.loadSnapshot(stream, codec.version));
  return snapshot === undefined || codec === undefined
    ? { state: behaviour.initial(), version: 0 }
    : { state: codec.decode(snapshot.state), version: snapshot.version };
}
