import type { EventDefinition } from "../../message/index.js";
import type { CommandRecord, CommandReservation, RecordedCommand, ReservationResult } from "./command-record.js";
import type { OpenAppend } from "./open-append.js";
import type { RowTransaction } from "./rows.js";

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

/**
 * Reserves or releases a value that only one stream of a tenant may hold, such as an e-mail address, in the same transaction as
 * the append. Reserving a value that the stream already holds, or releasing one that it does not hold, has no effect.
 */
export interface UniqueValueChange {
  /** Name of the index, as in the decider's `unique`. */
  readonly index: string;
  /** The value to reserve or to release. */
  readonly value: string;
  /** Whether the stream takes the value or gives it up. */
  readonly action: "reserve" | "release";
  /** For a reserved value that is personal data: its subject. The value is released when the subject is erased. */
  readonly subject?: string;
}

/** The events and unique values of one stream in an append. */
export interface StreamAppend {
  /** The stream to append to. */
  readonly stream: StreamId;
  /** The version that the stream must have; 0: it must not exist. */
  readonly expectedVersion: number;
  /** May be empty, to record a command without events. */
  readonly events: readonly EventToAppend[];
  /** Values to reserve and to release. Default: none. */
  readonly uniqueValues?: readonly UniqueValueChange[];
}

/** The origin of an append, and what belongs to its transaction. */
export interface AppendContext {
  /** Shared by all calls and events that one outside request led to. */
  readonly correlationId: string;
  /** Id of the command or event that caused these events. */
  readonly causationId: string;
  /** Stored with each event. */
  readonly metadata: Readonly<Record<string, string>>;
  /** If present, the append happens at most once for its id. */
  readonly command?: CommandRecord;
  /** Applies inline projections in the same transaction. */
  readonly inline?: ApplyInline;
}

/** An append to one stream. */
export interface AppendRequest extends StreamAppend, AppendContext {}

/** An append to several streams of one tenant, all or nothing. The command is recorded with the version of the first stream. */
export interface AppendToStreamsRequest extends AppendContext {
  /** At least one; each of another stream. */
  readonly appends: readonly StreamAppend[];
}

/** The events of one command in a sequence of commands on the same stream. */
export interface SequencePart extends Omit<AppendContext, "inline"> {
  /** May be empty, to record a command without events. */
  readonly events: readonly EventToAppend[];
}

/** The events of several commands for one stream, in their order, all or nothing. */
export interface AppendSequenceRequest {
  /** The stream to append to. */
  readonly stream: StreamId;
  /** The version that the stream must have before the first; 0: it must not exist. */
  readonly expectedVersion: number;
  /** The events of each command, in their order. */
  readonly parts: readonly SequencePart[];
  /** Applies inline projections to the events of all parts in the same transaction. */
  readonly inline?: ApplyInline;
}

/** The result of an append of a sequence. */
export interface AppendedSequence {
  /** The new version of the stream. */
  readonly version: number;
  /** The position of the last event of each part; 0 if the part has none. */
  readonly positions: readonly number[];
}

/**
 * Applies recorded events to read models within the transaction of their append. It may run again when the database retries
 * the transaction, so it must have no effect except on the rows. It must not wait for other work of the same store.
 */
export type ApplyInline = (events: readonly RecordedEvent[], transaction: RowTransaction) => Promise<void>;

/** Why nothing was appended. A result, not an exception, since refusals are a normal outcome. */
export type AppendRefusal =
  /** The stream has another version than expected. */
  | { readonly kind: "conflict"; readonly actualVersion: number; readonly stream: StreamId }
  /** The stream was closed by `closeStream`. */
  | { readonly kind: "closed"; readonly stream: StreamId }
  /** Another stream holds this value. */
  | { readonly kind: "value_taken"; readonly index: string; readonly value: string }
  /** This command is already recorded, with this response and this version. */
  | { readonly kind: "duplicate"; readonly response: Uint8Array; readonly version: number }
  /** Another request is recorded or reserved under this command id. */
  | { readonly kind: "command_mismatch" };

/** The outcome of an append. */
export type AppendResult =
  /** The new version of the stream, and the position of the last event; 0 if there were no events. */
  { readonly kind: "appended"; readonly version: number; readonly position: number } | AppendRefusal;

/** The outcome of an append to several streams. */
export type AppendToStreamsResult =
  /** The new versions of the streams, in the order of the request, and the position of the last event. */
  { readonly kind: "appended"; readonly versions: readonly number[]; readonly position: number } | AppendRefusal;

/** Which events of a stream to read. Default: all, oldest first. */
export interface StreamRange {
  /** Only events with a greater version. */
  readonly after?: number;
  /** Only events with a smaller version. */
  readonly before?: number;
  /** The most events to return. Default: all. */
  readonly limit?: number;
  /** Newest first. */
  readonly backwards?: boolean;
}

/** Selects events of the log. An event must match every criterion that is present. */
export interface EventFilter {
  /** Stored types of events. */
  readonly types?: readonly string[];
  /** Types of streams, that is of aggregates; other event stores say category. */
  readonly streamTypes?: readonly string[];
  /** Only events of this tenant. */
  readonly tenant?: string;
  /** Only streams in this range of the 256 buckets, both ends included: see `bucketOf`. */
  readonly buckets?: { readonly from: number; readonly to: number };
}

/** The next events of all streams. */
export interface EventSlice {
  /** The events, in order of position. */
  readonly events: readonly RecordedEvent[];
  /**
   * The next read continues after this position. There may be more events as long as it grows, even if this slice has few or none.
   * It passes events that the filter left out, and never passes the high-water mark.
   */
  readonly position: number;
}

/** The last committed event of the log. */
export interface LastEvent {
  /** Position of the event in the log. */
  readonly position: number;
  /** Milliseconds since it was recorded, by the store's clock. */
  readonly age: number;
}

/** A snapshot of an aggregate's state. */
export interface Snapshot {
  /** Version of the stream at the snapshot. */
  readonly version: number;
  /** Version of the state's shape. */
  readonly stateVersion: number;
  /** The encoded state. */
  readonly state: Uint8Array;
  /** When it was saved: milliseconds since 1970, by the store's clock. Present on snapshots that were loaded. */
  readonly at?: number;
}

/** A snapshot as the store saved it. */
export interface StoredSnapshot extends Snapshot {
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
}

/** The input of an aggregate's state: the snapshot, if one was requested and exists, and the events after it. */
export interface LoadedStream {
  /** The snapshot that the events follow. Absent: none was requested, or there is none. */
  readonly snapshot?: StoredSnapshot;
  /** The version of a snapshot that cannot be read. It was skipped, and `events` holds all events. */
  readonly unreadableSnapshot?: number;
  /** The events after the snapshot, oldest first. */
  readonly events: readonly StoredEvent[];
}

/** A stream, for tools. */
export interface StreamInfo {
  /** The stream. */
  readonly stream: StreamId;
  /** Version of the stream, which is the number of its events. */
  readonly version: number;
  /** Whether all further appends are refused. */
  readonly closed: boolean;
  /** Events up to this version are archived. */
  readonly archivedVersion: number;
}

/** Which streams to list, in the order of tenant, type and id. */
export interface StreamQuery {
  /** Only streams of this tenant. Default: all tenants. */
  readonly tenant?: string;
  /** Only streams of this type. Default: all types. */
  readonly type?: string;
  /** Only streams after this one in the order. */
  readonly after?: StreamId;
  /** The most streams to return. */
  readonly limit: number;
}

/** The port of all event stores. The conformance suite in `@potter/runtime/conformance` defines what an adapter must do. */
export interface EventStore {
  /** Appends to one stream, all or nothing. */
  append(request: AppendRequest): Promise<AppendResult>;
  /** Appends to several streams, all or nothing. */
  appendToStreams(request: AppendToStreamsRequest): Promise<AppendToStreamsResult>;
  /**
   * Appends the events of several commands to one stream, each with its own context and record, all or nothing. Returns undefined
   * if nothing was appended: the stream has another version or is closed, a command is recorded already or occurs twice, or the
   * sequence is too large for one call. To learn which, append each part alone.
   */
  appendSequence(request: AppendSequenceRequest): Promise<AppendedSequence | undefined>;
  /**
   * Loads the input of an aggregate's state. With `stateVersion`: the newest snapshot of this shape and the events after it, or all
   * events if there is no such snapshot. With `after`: the events after that version. With neither: the events that are not
   * archived.
   */
  loadStream(
    stream: StreamId,
    from?: { readonly stateVersion?: number; readonly after?: number },
  ): Promise<LoadedStream>;
  /** Reads the events of a stream, including archived ones. */
  readStream(stream: StreamId, range?: StreamRange): Promise<readonly RecordedEvent[]>;
  /** Reads the next events of all streams in order of position, at most `limit`, without gaps even with concurrent writers. */
  readAll(after: number, limit: number, filter?: EventFilter): Promise<EventSlice>;
  /** Returns the high-water mark: no event can still appear at or below it. 0: the store is empty. */
  head(): Promise<number>;
  /**
   * Returns the last committed event, undefined if there is none. It may be beyond `head()`: `readAll` returns it once every append
   * with a lower position has ended.
   */
  last(): Promise<LastEvent | undefined>;
  /** Returns the appends whose transactions are open, oldest first. Absent in stores whose appends cannot stay open. */
  openAppends?(): Promise<readonly OpenAppend[]>;
  /** Returns the next streams in the order of tenant, type and id. */
  listStreams(query: StreamQuery): Promise<readonly StreamInfo[]>;
  /** Closes a stream permanently: all further appends are refused with `closed`. Its events stay. */
  closeStream(stream: StreamId, expectedVersion: number): Promise<AppendResult>;
  /**
   * Archives the events up to a version. Without a snapshot, `loadStream` starts after them, so the next event must summarise
   * them. All other reads still return them. Returns the number of events that were archived.
   */
  archiveEvents(stream: StreamId, upTo: number): Promise<number>;
  /**
   * Imports events of another store, all or nothing. Ids, versions and times stay, positions are new. Skips events that exist
   * already; fails if another event has the same version, or versions are missing. Returns the number of new events.
   */
  importEvents(events: readonly RecordedEvent[]): Promise<number>;
  /** Releases the unique values that are personal data of a subject, in all streams. Returns their number. */
  releaseUniqueValues(tenant: string, subject: string): Promise<number>;
  /** Returns the record of a command, undefined if there is none. */
  findCommand(tenant: string, id: string): Promise<RecordedCommand | undefined>;
  /**
   * Reserves the id of a command that is about to run without an append, so that it does not run twice at once. Its holder may
   * reserve it again to extend the lease; another holder may reserve it for the same request once the lease has expired.
   * An append under a reserved id returns `command_mismatch`.
   */
  reserveCommand(tenant: string, reservation: CommandReservation): Promise<ReservationResult>;
  /** Releases a reservation of this holder, because the command did not run. */
  releaseCommand(tenant: string, id: string, holder: string): Promise<void>;
  /** Records a command without events, at version 0. false: its id is recorded already, or reserved by another holder. */
  recordCommand(tenant: string, command: CommandRecord, holder?: string): Promise<boolean>;
  /** Replaces the snapshot of the same state version, unless that one is of a later version of the stream. */
  saveSnapshot(stream: StreamId, snapshot: Snapshot): Promise<void>;
  /**
   * Calls a listener after events were appended by this process or, where the store is notified of it, by another. Several appends
   * may lead to one call. Returns the function that removes the listener. A listener must not throw.
   */
  onAppend(listener: () => void): () => void;
}
