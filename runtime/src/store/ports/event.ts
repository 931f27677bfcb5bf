import type { EventDefinition } from "../../message/index.js";

/** Identifies one stream. */
export interface StreamId {
  /** The empty string where there are no tenants. */
  readonly tenant: string;
  /** Stored type name of the aggregate. */
  readonly type: string;
  /** Id of the aggregate. */
  readonly id: string;
}

/** An event to append. A store that serialises calls `definition.codec.encode(data)`; one that does not keeps `data`. */
export interface EventToAppend {
  /** A UUID. */
  readonly id: string;
  /** The type and version under which it is stored, and the codec of its data. */
  readonly definition: EventDefinition;
  /** The message of the event. */
  readonly data: unknown;
  /** If present, every store keeps these bytes and returns them unchanged. */
  readonly bytes?: Uint8Array;
}

/** The part of a recorded event that an aggregate folds. Payload: `bytes` or, in stores that do not serialise, `data`. */
export interface StoredEvent {
  /** Version of the stream after this event: from 1, without gaps. */
  readonly version: number;
  /** Stored type of the event. */
  readonly type: string;
  /** Version of the event's schema. */
  readonly schemaVersion: number;
  /** Milliseconds since 1970, by the store's clock. Present where a snapshot was requested: age policies need it. */
  readonly at?: number;
  /** The encoded message, from stores that serialise. */
  readonly bytes?: Uint8Array;
  /** The message, from stores that do not serialise. */
  readonly data?: unknown;
  /** Its personal fields can no longer be read, because their data subject was erased. */
  readonly erased?: true;
}

/** An event as the store recorded it. */
export interface RecordedEvent extends StoredEvent {
  /** Id of the event: a UUID. */
  readonly id: string;
  /** Position in the log of all events, from 1. Gaps are normal. */
  readonly position: number;
  /** The stream that has the event. */
  readonly stream: StreamId;
  /** When it was recorded: milliseconds since 1970, by the store's clock. */
  readonly at: number;
  /** Shared by all calls and events that one outside request led to. */
  readonly correlationId: string;
  /** Id of the command or event that caused it. */
  readonly causationId: string;
  /** Metadata of the call that recorded it. */
  readonly metadata: Readonly<Record<string, string>>;
}
