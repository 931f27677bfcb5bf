import type { AppendResult, EventStore, StoredEvent, StoredSnapshot, StreamId } from "../event-store/index.js";
import type { Behaviour } from "./behaviour.js";
import type { Loaded, Repository, Step } from "./repository.js";
import { type Snapshots, type Tail, tailOf } from "./snapshot.js";
import type { SnapshotCodec } from "./types.js";
import { planClaims } from "./unique.js";

/** A state that follows from a snapshot and the events since. */
export interface Replayed extends Loaded {
  readonly tail: Tail;
}

const noTail: Tail = { snapshotVersion: 0, since: undefined, bytes: 0 };

/** Aggregates whose events are stored. */
export class EventRepository implements Repository<Replayed> {
  private readonly events: EventStore;
  private readonly behaviour: Behaviour;
  private readonly snapshots: Snapshots | undefined;

  constructor(events: EventStore, behaviour: Behaviour, snapshots: Snapshots | undefined) {
    this.events = events;
    this.behaviour = behaviour;
    this.snapshots = snapshots;
  }

  fresh(): Replayed {
    return { state: this.behaviour.initial(), version: 0, tail: noTail };
  }

  async load(stream: StreamId, known?: Replayed): Promise<Replayed> {
    if (known !== undefined) {
      return this.replay(known, (await this.events.load(stream, { after: known.version })).events);
    }
    const codec = this.snapshots?.codec;
    const { snapshot, events } = await this.events.load(stream, codec && { stateVersion: codec.version });
    return this.replay(snapshot && codec ? fromSnapshot(snapshot, codec) : this.fresh(), events);
  }

  async record(step: Step<Replayed>): Promise<AppendResult> {
    const { stream, loaded, events, after, newId, context } = step;
    const claims = planClaims(this.behaviour, loaded.state, after);
    const result = await this.events.append({
      ...context,
      stream,
      expectedVersion: loaded.version,
      events: events.map(({ definition, data }) => ({ id: newId(), definition, data })),
      ...(claims && { claims }),
    });
    if (result.kind === "appended" && events.length > 0) {
      this.snapshots?.consider({ stream, tail: loaded.tail, version: result.version, events, after });
    }
    return result;
  }

  private replay(start: Replayed, events: readonly StoredEvent[]): Replayed {
    let { state } = start;
    for (const event of events) state = this.behaviour.replay(state, event);
    const tail = this.snapshots === undefined ? start.tail : tailOf(start.tail, events, this.snapshots);
    return { state, version: events.at(-1)?.version ?? start.version, tail };
  }
}

function fromSnapshot({ version, state, at }: StoredSnapshot, codec: SnapshotCodec<unknown>): Replayed {
  return { state: codec.decode(state), version, tail: { snapshotVersion: version, since: at, bytes: 0 } };
}
