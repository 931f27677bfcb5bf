import type { AnyCodec, EventDefinition } from "../message/index.js";
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

/** An event as it was recorded. Its payload is in `bytes` or, in stores that do not serialise, in `data`. */
export interface RecordedEvent {
  readonly id: string;
  /** Place in the order of all events, from 1. Gaps are normal. */
  readonly position: number;
  readonly stream: StreamId;
  /** Place in its stream, from 1, without gaps. */
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
  readonly correlationId: string;
  readonly causationId: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly bytes?: Uint8Array;
  readonly data?: unknown;
  /** Its personal fields can no longer be read: their subject was forgotten. */
  readonly erased?: true;
}

/** The command on whose behalf is appended, to be recorded with its answer. */
export interface CommandRecord {
  readonly id: string;
  /** Tells apart different requests under one id. */
  readonly requestHash: string;
  /** The encoded answer. */
  readonly response: Uint8Array;
  /** Of the answer: so that what is personal in it can be told. No store need keep it. */
  readonly codec?: AnyCodec;
}

export interface AppendRequest {
  readonly stream: StreamId;
  /** The version that the stream must have; 0: it must not exist. */
  readonly expectedVersion: number;
  /** May be empty, to record a command that led to no event. */
  readonly events: readonly EventToAppend[];
  readonly correlationId: string;
  /** Id of the command or event that led to these. */
  readonly causationId: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Given: the append happens at most once for its id. */
  readonly command?: CommandRecord;
  /** Projections that are applied in the same transaction. */
  readonly inline?: InlineApply;
}

/**
 * Applies recorded events to read models within the transaction of their append. May run again when the database
 * asks for it, so it must have no effect but on the rows; it must not wait for other work of the same store.
 */
export type InlineApply = (events: readonly RecordedEvent[], transaction: RowTransaction) => Promise<void>;

/** How an append ended. A conflict is an answer, not an exception: it is part of the common path. */
export type AppendResult =
  /** The version of the stream now, and the position of the last event: 0 if there was none to append. */
  | { readonly kind: "appended"; readonly version: number; readonly position: number }
  /** Another writer was faster; nothing was written. */
  | { readonly kind: "conflict"; readonly actualVersion: number }
  /** This command was recorded before, with this answer and leading to this version. */
  | { readonly kind: "duplicate"; readonly response: Uint8Array; readonly version: number }
  /** Another request was recorded under this command id. */
  | { readonly kind: "mismatch" };

/** The next events of all streams. */
export interface EventSlice {
  readonly events: readonly RecordedEvent[];
  /** Read on from here. Never beyond a position that may still appear. */
  readonly position: number;
  /** Positions that were found to be never filled, since `after`. */
  readonly skipped: number;
}

/** A snapshot of an aggregate's state. */
export interface Snapshot {
  /** Version of the stream that it stands for. */
  readonly version: number;
  /** Version of the state's shape. */
  readonly stateVersion: number;
  readonly state: Uint8Array;
}

/** The port of all event stores. The conformance suite in `@potter/runtime/testing` says what an adapter must do. */
export interface EventStore {
  /** Appends to one stream, all or nothing. */
  append(request: AppendRequest): Promise<AppendResult>;
  /** The events of a stream in order, with a version greater than `after`. */
  readStream(stream: StreamId, after?: number): Promise<readonly RecordedEvent[]>;
  /** The next events of all streams in order of position, at most `limit`. Loses none, whatever writers do. */
  readAll(after: number, limit: number): Promise<EventSlice>;
  /** What was recorded of a command, before anything is decided for it. */
  findCommand(tenant: string, id: string): Promise<(CommandRecord & { readonly version: number }) | undefined>;
  /** Records a command that appended nothing, at version 0. false: its id is taken. */
  recordCommand(tenant: string, command: CommandRecord): Promise<boolean>;
  /** The newest snapshot whose state has this shape. */
  loadSnapshot(stream: StreamId, stateVersion: number): Promise<Snapshot | undefined>;
  /** Keeps a snapshot, unless a newer one of its state version is known. */
  saveSnapshot(stream: StreamId, snapshot: Snapshot): Promise<void>;
  /**
   * Calls back, soon after and possibly coalesced, when events were appended by this process or, where the store
   * can tell, by another. Returns the function that ends it. A listener must not throw.
   */
  onAppend(listener: () => void): () => void;
}
