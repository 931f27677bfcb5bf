import type { EventSlice, EventStore, RecordedEvent } from "../ports/index.js";

/** Whose events are followed: those of all streams of a type, or of one stream. */
export interface FollowedStreams {
  readonly tenant: string;
  readonly streamType: string;
  /** Id of the aggregate. */
  readonly id: string | undefined;
}

export function concerns({ stream }: RecordedEvent, { tenant, streamType, id }: FollowedStreams): boolean {
  return stream.type === streamType && stream.tenant === tenant && (id === undefined || stream.id === id);
}

/** Most events that are read at once. */
const batch = 500;
/** Until one looks again who was given nothing of what there is, as by a replica that is behind: milliseconds. */
const patience = 20;

/** What the store has for one who follows, until he has caught up. */
export class PastEvents {
  private readonly events: Pick<EventStore, "readAll" | "readStream" | "head">;
  private readonly followed: FollowedStreams;
  /** Of one stream: up to where it was read. */
  private version = 0;

  constructor(events: Pick<EventStore, "readAll" | "readStream" | "head">, followed: FollowedStreams) {
    this.events = events;
    this.followed = followed;
  }

  /** The next events beyond a position, and to where that is all. */
  async read(after: number): Promise<EventSlice> {
    const { tenant, streamType, id } = this.followed;
    const slice =
      id === undefined
        ? await this.events.readAll(after, batch, { tenant, streamTypes: [streamType] })
        : await this.readStream(id, after);
    if (slice.position <= after) await new Promise((resolve) => setTimeout(resolve, patience));
    return slice;
  }

  /** What comes after this event is to be read again. */
  goBack({ version }: RecordedEvent): void {
    this.version = Math.min(this.version, version);
  }

  private async readStream(id: string, after: number): Promise<EventSlice> {
    const { tenant, streamType: type } = this.followed;
    // Before the events: those of one stream become visible in their order, so none at or below it is missing then.
    const head = await this.events.head();
    const read = await this.events.readStream({ tenant, type, id }, { after: this.version, limit: batch });
    const settled = read.filter(({ position }) => position <= head);
    this.version = settled.at(-1)?.version ?? this.version;
    const isAll = read.length < batch || settled.length < read.length;
    return {
      events: settled.filter(({ position }) => position > after),
      position: isAll ? head : (settled.at(-1)?.position ?? head),
    };
  }
}
