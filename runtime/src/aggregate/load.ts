import type { EventStore, StoredEvent, StreamId } from "../event-store/index.js";
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
  if (known !== undefined) {
    const { events: since } = await events.load(stream, { after: known.version });
    return replay(behaviour, known.state, known.version, since);
  }
  const codec = behaviour.aggregate.snapshotEvery === undefined ? undefined : behaviour.snapshot;
  const loaded = await events.load(stream, codec === undefined ? {} : { stateVersion: codec.version });
  const { snapshot } = loaded;
  return snapshot === undefined || codec === undefined
    ? replay(behaviour, behaviour.initial(), 0, loaded.events)
    : replay(behaviour, codec.decode(snapshot.state), snapshot.version, loaded.events);
}

function replay(behaviour: Behaviour, start: unknown, version: number, events: readonly StoredEvent[]): Loaded {
  let state = start;
  for (const event of events) state = behaviour.replay(state, event);
  return { state, version: events.at(-1)?.version ?? version };
}
