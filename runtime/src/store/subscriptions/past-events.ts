import type { EventSlice, EventStore, RecordedEvent } from "../ports/index.js";

/** Selects the events to follow: those of all streams of a type, of one stream, or of some types in any stream. */
export type FollowedStreams =
  | {
      readonly tenant: string;
      readonly streamType: string;
      /** Id of the aggregate; undefined: all streams of the type. */
      readonly id: string | undefined;
    }
  | { readonly tenant: string; readonly eventTypes: ReadonlySet<string> };

export function concerns({ stream, type }: RecordedEvent, followed: FollowedStreams): boolean {
  if (stream.tenant !== followed.tenant) return false;
  if ("eventTypes" in followed) return followed.eventTypes.has(type);
  return stream.type === followed.streamType && (followed.id === undefined || stream.id === followed.id);
}

/** Groups followers, so that an event is offered to those only that it may concern. */
export function keyOf(followed: FollowedStreams): string {
  if ("eventTypes" in followed) return anyStream;
  return followed.id === undefined ? `${followed.streamType}\n` : `${followed.streamType}\n=${followed.id}`;
}

/** The keys of the followers that an event may concern. */
export function keysOf({ stream }: RecordedEvent): readonly string[] {
  return [`${stream.type}\n`, `${stream.type}\n=${stream.id}`, anyStream];
}

/** No type of streams is empty. */
const anyStream = "\n";

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
    const slice = await this.readSlice(after);
    if (slice.position <= after) await new Promise((resolve) => setTimeout(resolve, idleDelay));
    return slice;
  }

  private readSlice(after: number): Promise<EventSlice> {
    const { followed } = this;
    const { tenant } = followed;
    if ("eventTypes" in followed) return this.events.readAll(after, batch, { tenant, types: [...followed.eventTypes] });
    const { streamType: type, id } = followed;
    return id === undefined
      ? this.events.readAll(after, batch, { tenant, streamTypes: [type] })
      : this.readStream({ tenant, type, id }, after);
  }

  /** Makes the next read start after this event. */
  rewind({ version }: RecordedEvent): void {
    this.version = Math.min(this.version, version);
  }

  private async readStream(stream: RecordedEvent["stream"], after: number): Promise<EventSlice> {
    // Read before the events: events of one stream become visible in order, so none at or below the head is missing.
    const head = await this.events.head();
    const read = await this.events.readStream(stream, { after: this.version, limit: batch });
    const visible = read.filter(({ position }) => position <= head);
    this.version = visible.at(-1)?.version ?? this.version;
    const isAll = read.length < batch || visible.length < read.length;
    return {
      events: visible.filter(({ position }) => position > after),
      position: isAll ? head : (visible.at(-1)?.position ?? head),
    };
  }
}
