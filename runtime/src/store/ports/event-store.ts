import type {
  AppendedSequence,
  AppendRequest,
  AppendResult,
  AppendSequenceRequest,
  AppendToStreamsRequest,
  AppendToStreamsResult,
} from "./append.js";
import type { CommandRecord, CommandReservation, RecordedCommand, ReservationResult } from "./command-record.js";
import type { RecordedEvent, StoredEvent, StreamId } from "./event.js";
import type { OpenAppend } from "./open-append.js";
import type { NewSubjectKey } from "./subject-key-store.js";

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
  /** true: no committed event followed it when it was read. false: one did. Absent: the store does not know. */
  readonly complete?: boolean;
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
  /**
   * Appends to a new stream and creates keys of data subjects, all or nothing. Returns undefined if nothing was appended: the stream
   * exists, a subject has a key or is erased, or the store cannot carry out this request in one step. A repeated command returns
   * `duplicate`, as from `append`. Inline projections run before the append, on a detached transaction. Absent in stores where it
   * would save nothing.
   */
  appendWithKeys?(request: AppendRequest, keys: readonly NewSubjectKey[]): Promise<AppendResult | undefined>;
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
   * Archives the events up to a version; all reads but `loadStream` still return them. Without a snapshot, it starts after them, so
   * the next event must summarise them. Returns the number of events that were archived.
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
   * Calls a listener after appends of this process, with the last position if it is known, and with those events that the store
   * knows as `readAll` would return them. It must not throw. Returns its remover.
   */
  onAppend(listener: (position?: number, events?: readonly RecordedEvent[]) => void): () => void;
}
