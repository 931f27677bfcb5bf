import type { EventSlice, EventStore, RecordedEvent } from "../ports/index.js";

/** Selects the streams to follow: all of a type, or one. */
export interface FollowedStreams {
  readonly tenant: string;
  readonly streamType: string;
  /** Id of the aggregate; undefined: all streams of the type. */
  readonly id: string | undefined;
}

export function concerns({ stream }: RecordedEvent, { tenant, streamType, id }: FollowedStreams): boolean {
  return stream.type === streamType && stream.tenant === tenant && (id === undefined || stream.id === id);
}

/** The most events of one read. */
const batch = 500;
/** Delay after a read without progress, as from a replica that lags, in milliseconds. */
const idleDelay = 20;

/** Reads history for one follower until it has caught up. */
export class PastEvents {
  private readonly events: Pick<EventStore, "readAll" | "readStream" | "head">;
  private readonly followed: FollowedStreams;
  /** For a single stream: the last version that was read. */
  private version = 0;

  constructor(events: Pick<EventStore, "readAll" | "readStream" | "head">, followed: FollowedStreams) {
    this.events = events;
    this.followed = followed;
  }

  /** Returns the next events after a position, and the position up to which they are complete. */
  async read(after: number): Promise<EventSlice> {
    const { tenant, streamType, id } = this.followed;
    const slice =
      id === undefined
        ? await this.events.readAll(after, batch, { tenant, streamTypes: [streamType] })
        : await this.readStream(id, after);
    if (slice.position <= after) await new Promise((resolve) => setTimeout(resolve, idleDelay));
    return slice;
  }

  /** Makes the next read start after this event. */
  rewind({ version }: RecordedEvent): void {
    this.version = Math.min(this.version, version);
  }

  private async readStream(id: string, after: number): Promise<EventSlice> {
    const { tenant, streamType: type } = this.followed;
    // Read before the events: events of one stream become visible in order, so none at or below the head is missing.
    const head = await this.events.head();
    const read = await this.events.readStream({ tenant, type, id }, { after: this.version, limit: batch });
    const visible = read.filter(({ position }) => position <= head);
    this.version = visible.at(-1)?.version ?? this.version;
    const isAll = read.length < batch || visible.length < read.length;
    return {
      events: visible.filter(({ position }) => position > after),
      position: isAll ? head : (visible.at(-1)?.position ?? head),
    };
  }
}
