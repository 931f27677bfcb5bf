import { andThen, type MaybePromise, mapAll } from "../async/index.js";
import { withData } from "../store/events/index.js";
import type { EventToAppend, RecordedEvent, StoredEvent, StreamAppend, StreamId } from "../store/ports/index.js";
import { hasEnvelope, readEnvelope } from "./envelope.js";
import { type PersonalContents, personalOf } from "./personal-contents.js";
import type { Place, Sealer } from "./sealer.js";

/** Encrypts events before they are appended, and decrypts events that are read. */
export class EventSealer {
  private readonly sealer: Sealer;
  private readonly contents: PersonalContents;

  constructor(sealer: Sealer, contents: PersonalContents) {
    this.sealer = sealer;
    this.contents = contents;
  }

  /** Returns the append with encrypted events; the same append if it holds no personal data. */
  seal<A extends StreamAppend>(append: A): MaybePromise<A> {
    const { stream, expectedVersion, events } = append;
    const [only] = events;
    if (only !== undefined && events.length === 1) {
      return andThen(this.sealEvent(only, stream, expectedVersion + 1), (sealed) =>
        sealed === only ? append : { ...append, events: [sealed] },
      );
    }
    return andThen(
      mapAll(events, (event, i) => this.sealEvent(event, stream, expectedVersion + i + 1)),
      (sealed) => (sealed.every((event, i) => event === events[i]) ? append : { ...append, events: sealed }),
    );
  }

  /** Encrypts a recorded event of another store for this one. */
  sealRecorded(event: RecordedEvent): MaybePromise<RecordedEvent> {
    const definition = this.contents.definition(event.type, event.schemaVersion);
    if (definition === undefined || event.erased === true || hasEnvelope(event.bytes)) return event;
    const { codec } = definition;
    const data = event.bytes === undefined ? event.data : codec.decode(event.bytes);
    const personal = personalOf(codec, data);
    if (personal === undefined) return event;
    const { data: _, ...rest } = event;
    const place = new EventPlace(event.stream, event);
    const subject = personal.subject ?? event.stream.id;
    const sealed = this.sealer.seal(personal.plan, event.bytes ?? codec.encode(data), subject, place, "refuse");
    return andThen(sealed, (bytes) => ({ ...rest, bytes }));
  }

  /** Decrypts events. Returns the same list if none of them is encrypted. */
  open<E extends StoredEvent>(events: readonly E[], streamOf: (event: E) => StreamId): MaybePromise<readonly E[]> {
    const sealed = events.filter(({ bytes }) => hasEnvelope(bytes));
    if (sealed.length === 0) return events;
    const stored = sealed.map((event) => ({
      bytes: event.bytes as Uint8Array,
      place: new EventPlace(streamOf(event), event),
    }));
    return andThen(this.sealer.open(stored), (opened) => {
      let at = 0;
      return events.map((event) => {
        if (event !== sealed[at]) return event;
        const { bytes, erased } = opened[at++] as (typeof opened)[number];
        return erased ? { ...event, bytes, erased } : { ...event, bytes };
      });
    });
  }

  /** Replaces encrypted events by the ones that the caller appended. */
  reveal(recorded: readonly RecordedEvent[], appended: ReadonlyMap<string, EventToAppend>): readonly RecordedEvent[] {
    return recorded.map((event) => {
      const known = hasEnvelope(event.bytes) ? appended.get(event.id) : undefined;
      return known === undefined ? event : withData(event, known.data);
    });
  }

  private sealEvent(event: EventToAppend, stream: StreamId, version: number): MaybePromise<EventToAppend> {
    const { definition, data } = event;
    const personal = personalOf(definition.codec, data);
    if (personal === undefined) return event;
    const place = new EventPlace(stream, { type: definition.type, schemaVersion: definition.version, version });
    const clear = event.bytes ?? definition.codec.encode(data);
    const sealed = this.sealer.seal(personal.plan, clear, personal.subject ?? stream.id, place, "refuse");
    return andThen(sealed, (bytes) => ({ id: event.id, definition, data, bytes }));
  }
}

/** A version of a stream. A class, since one is created for each event that is encrypted or decrypted. */
class EventPlace implements Place {
  readonly tenant: string;
  readonly owner: string;
  readonly isNew: boolean;
  readonly parts: readonly (string | number)[];

  constructor({ tenant, type, id }: StreamId, event: VersionedEvent) {
    this.tenant = tenant;
    this.owner = id;
    this.isNew = event.version === 1;
    this.parts = ["event", tenant, type, id, event.version, event.type, event.schemaVersion];
  }

  describe(): string {
    const [, , type, id, version] = this.parts;
    return `version ${version} of the stream ${type} ${id}`;
  }
}

type VersionedEvent = Pick<StoredEvent, "type" | "schemaVersion" | "version">;

/** Returns the subject of a stored event; undefined if the event holds no encrypted data. */
export function subjectOfStored({ bytes }: StoredEvent, stream: StreamId): string | undefined {
  return hasEnvelope(bytes) ? readEnvelope(bytes).subject || stream.id : undefined;
}
