import type { EventDefinition } from "../../message/index.js";
import type { CommandRecord, CommandReservation, RecordedCommand, ReservationResult } from "./command-record.js";
import type { OpenAppend } from "./open-append.js";
import type { RowTransaction } from "./rows.js";

/** Names one stream. */
export interface StreamId {
  /** The empty string where there are no tenants. */
  readonly tenant: string;
  /** What kind of aggregate: its stored type name. */
  readonly type: string;
  /** Id of the aggregate. */
  readonly id: string;
}

/** An event to append. A store that serialises calls `definition.codec.encode(data)`; one that does not keeps `data`. */
export interface EventToAppend {
  /** A UUID. */
  readonly id: string;
  readonly definition: EventDefinition;
  readonly data: unknown;
  /** Given: stored as they are, by every store, and read back as such. */
  readonly bytes?: Uint8Array;
}

/** Of a recorded event, what an aggregate folds. Its payload is in `bytes` or, in stores that do not serialise, in `data`. */
export interface StoredEvent {
  /** Place in its stream, from 1, without gaps. */
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  /** Milliseconds since 1970, by the store's clock. Given where a snapshot was asked for: policies of age need it. */
  readonly at?: number;
  readonly bytes?: Uint8Array;
  readonly data?: unknown;
  /** Its personal fields can no longer be read: their subject was forgotten. */
  readonly erased?: true;
}

/** An event as it was recorded. */
export interface RecordedEvent extends StoredEvent {
  readonly id: string;
  /** Place in the order of all events, from 1. Gaps are normal. */
  readonly position: number;
  readonly stream: StreamId;
  readonly at: number;
  readonly correlationId: string;
  readonly causationId: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * A value that only one stream of a tenant may hold, such as an e-mail address: taken or given back in the very append
 * that makes it so. A value that the stream holds already may be claimed again; one that it does not hold, released.
 */
export interface UniqueValueChange {
  readonly index: string;
  readonly value: string;
  readonly action: "reserve" | "release";
  /** Of a value that is claimed: whose personal data it is. It is released when this subject is erased. */
  readonly subject?: string;
}

/** What is appended to one stream. */
export interface StreamAppend {
  readonly stream: StreamId;
  /** The version that the stream must have; 0: it must not exist. */
  readonly expectedVersion: number;
  /** May be empty, to record a command that led to no event. */
  readonly events: readonly EventToAppend[];
  readonly uniqueValues?: readonly UniqueValueChange[];
}

/** On whose behalf is appended, and what must happen with it. */
export interface AppendContext {
  readonly correlationId: string;
  /** Id of the command or event that led to these. */
  readonly causationId: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Given: the append happens at most once for its id. */
  readonly command?: CommandRecord;
  /** Projections that are applied in the same transaction. */
  readonly inline?: ApplyInline;
}

export interface AppendRequest extends StreamAppend, AppendContext {}

/** Appends to several streams of one tenant: all or none. The command is recorded with the version of the first. */
export interface AppendToStreamsRequest extends AppendContext {
  /** Of different streams. */
  readonly appends: readonly StreamAppend[];
}

/** What one of several commands appends to the stream that all of them change. */
export interface SequencePart extends Omit<AppendContext, "inline"> {
  /** May be empty, to record a command that led to no event. */
  readonly events: readonly EventToAppend[];
}

/** What several commands append to one stream, in their order: all or nothing. */
export interface AppendSequenceRequest {
  readonly stream: StreamId;
  /** The version that the stream must have before the first; 0: it must not exist. */
  readonly expectedVersion: number;
  readonly parts: readonly SequencePart[];
  /** Projections that are applied to the events of all in the same transaction. */
  readonly inline?: ApplyInline;
}

/** A sequence that was appended. */
export interface AppendedSequence {
  /** The version of the stream now. */
  readonly version: number;
  /** Of the last event of each part: 0 if it has none. */
  readonly positions: readonly number[];
}

/**
 * Applies recorded events to read models within the transaction of their append. May run again when the database
 * asks for it, so it must have no effect but on the rows; it must not wait for other work of the same store.
 */
export type ApplyInline = (events: readonly RecordedEvent[], transaction: RowTransaction) => Promise<void>;

/** Why nothing was appended. An answer, not an exception: it is part of the common path. */
export type AppendRefusal =
  /** Another writer was faster. */
  | { readonly kind: "conflict"; readonly actualVersion: number; readonly stream: StreamId }
  /** The stream was closed for good. */
  | { readonly kind: "closed"; readonly stream: StreamId }
  /** Another stream holds this value. */
  | { readonly kind: "value_taken"; readonly index: string; readonly value: string }
  /** This command was recorded before, with this answer and leading to this version. */
  | { readonly kind: "duplicate"; readonly response: Uint8Array; readonly version: number }
  /** Another request was recorded under this command id. */
  | { readonly kind: "command_mismatch" };

/** How an append ended. */
export type AppendResult =
  /** The version of the stream now, and the position of the last event: 0 if there was none to append. */
  { readonly kind: "appended"; readonly version: number; readonly position: number } | AppendRefusal;

/** How an append to several streams ended. */
export type AppendToStreamsResult =
  /** The versions of the streams now, in the order they were given, and the position of the last event. */
  { readonly kind: "appended"; readonly versions: readonly number[]; readonly position: number } | AppendRefusal;

/** Which events of a stream to read. Default: all, oldest first. */
export interface StreamRange {
  /** Only events with a greater version. */
  readonly after?: number;
  /** Only events with a smaller version. */
  readonly before?: number;
  readonly limit?: number;
  /** Newest first. */
  readonly backwards?: boolean;
}

/** Which of all events to read: those that fit in every respect that is given. */
export interface EventFilter {
  /** Stored types of events. */
  readonly types?: readonly string[];
  /** Types of streams, that is of aggregates: what others call a category. */
  readonly streamTypes?: readonly string[];
  readonly tenant?: string;
  /** Only of streams in these of the 256 buckets, both ends included: see `bucketOf`. */
  readonly buckets?: { readonly from: number; readonly to: number };
}

/** The next events of all streams. */
export interface EventSlice {
  readonly events: readonly RecordedEvent[];
  /**
   * Read on from here, as long as it grows: that there are few events or none does not mean that there are no more. Beyond the last
   * event where a filter left out what follows; never beyond what may still appear.
   */
  readonly position: number;
}

/** The last event of all streams that is committed. */
export interface LastEvent {
  readonly position: number;
  /** How long ago it was recorded, by the clock of the store, in milliseconds. */
  readonly age: number;
}

/** A snapshot of an aggregate's state. */
export interface Snapshot {
  /** Version of the stream that it stands for. */
  readonly version: number;
  /** Version of the state's shape. */
  readonly stateVersion: number;
  readonly state: Uint8Array;
  /** When it was kept: milliseconds since 1970, by the store's clock. Known of one that was loaded. */
  readonly at?: number;
}

/** A snapshot as it was kept. */
export interface StoredSnapshot extends Snapshot {
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
}

/** What an aggregate's state follows from: a snapshot, if one was asked for and there is one, and the events since. */
export interface LoadedStream {
  readonly snapshot?: StoredSnapshot;
  /** The version of a snapshot that is there and cannot be read: it was skipped, and the events are all there are. */
  readonly unreadableSnapshot?: number;
  readonly events: readonly StoredEvent[];
}

/** A stream, for tools. */
export interface StreamInfo {
  readonly stream: StreamId;
  readonly version: number;
  /** Nothing can be appended any more. */
  readonly closed: boolean;
  /** Events up to this version are in the archive. */
  readonly archivedVersion: number;
}

/** Which streams to list, in the order of tenant, type and id. */
export interface StreamQuery {
  readonly tenant?: string;
  readonly type?: string;
  /** Only streams that come later. */
  readonly after?: StreamId;
  readonly limit: number;
}

/** The port of all event stores. The conformance suite in `@potter/runtime/conformance` says what an adapter must do. */
export interface EventStore {
  /** Appends to one stream, all or nothing. */
  append(request: AppendRequest): Promise<AppendResult>;
  /** Appends to several streams, all or nothing. */
  appendToStreams(request: AppendToStreamsRequest): Promise<AppendToStreamsResult>;
  /**
   * Appends what several commands led to, each with its own context and record, to one stream, all or nothing. undefined: nothing was
   * appended, since the stream has another version or is closed, or one of the commands is recorded or given twice, or
   * it is too much for one call. Which of these, an append of each by itself tells.
   */
  appendSequence(request: AppendSequenceRequest): Promise<AppendedSequence | undefined>;
  /**
   * What the state of an aggregate follows from. With a `stateVersion`: the newest snapshot whose state has this shape, and
   * the events since, all if there is none. With `after`: the events since that version. With neither: the events that are
   * not archived.
   */
  loadStream(
    stream: StreamId,
    from?: { readonly stateVersion?: number; readonly after?: number },
  ): Promise<LoadedStream>;
  /** The events of a stream, archived ones included. */
  readStream(stream: StreamId, range?: StreamRange): Promise<readonly RecordedEvent[]>;
  /** The next events of all streams in order of position, at most `limit`. Loses none, whatever writers do. */
  readAll(after: number, limit: number, filter?: EventFilter): Promise<EventSlice>;
  /** The highest position below which nothing can appear any more. 0: there is nothing yet. */
  head(): Promise<number>;
  /**
   * The last event that is committed. It may be beyond `head()`: it cannot be read by `readAll` before every append that was
   * given a lower position has ended. undefined: there is nothing yet.
   */
  last(): Promise<LastEvent | undefined>;
  /** The appends that are open now, the oldest first. Absent: none can be open while anything else is done. */
  openAppends?(): Promise<readonly OpenAppend[]>;
  listStreams(query: StreamQuery): Promise<readonly StreamInfo[]>;
  /** Closes a stream for good: no append succeeds any more, also not as a new stream. Its events stay. */
  closeStream(stream: StreamId, expectedVersion: number): Promise<AppendResult>;
  /**
   * Moves events up to a version out of the way. Where no snapshot is asked for, `load` begins after it, so the next event must
   * sum up what was. All other reads still find them. Gives the number of events that were moved.
   */
  archiveEvents(stream: StreamId, upTo: number): Promise<number>;
  /**
   * Takes in events of another store, each stream from where it ends here: ids, versions and times stay, positions are
   * new. What is here already under the same id is passed over; another event at the same version is refused. All or nothing.
   * Gives the number of events that are new.
   */
  importEvents(events: readonly RecordedEvent[]): Promise<number>;
  /** Releases the unique values that are personal data of a subject, whichever streams hold them. Gives their number. */
  releaseUniqueValues(tenant: string, subject: string): Promise<number>;
  /** What was recorded of a command, before anything is decided for it. */
  findCommand(tenant: string, id: string): Promise<RecordedCommand | undefined>;
  /**
   * Reserves the id of a command that is about to be carried out without an append, so that it is not carried out twice at once.
   * Whoever holds it may reserve it again, to hold it longer; another may once its lease has expired, for the same request.
   * An append under a reserved id is a `mismatch`.
   */
  reserveCommand(tenant: string, reservation: CommandReservation): Promise<ReservationResult>;
  /** Gives a reservation back, if its holder has it: the command was not carried out. */
  releaseCommand(tenant: string, id: string, holder: string): Promise<void>;
  /** Records a command that appended nothing, at version 0. false: its id is taken, or reserved by another than `holder`. */
  recordCommand(tenant: string, command: CommandRecord, holder?: string): Promise<boolean>;
  /** Keeps a snapshot in place of the one of its state version, unless that stands for a later version of the stream. */
  saveSnapshot(stream: StreamId, snapshot: Snapshot): Promise<void>;
  /**
   * Calls back, soon after and possibly coalesced, when events were appended by this process or, where the store
   * can tell, by another. Returns the function that ends it. A listener must not throw.
   */
  onAppend(listener: () => void): () => void;
}
