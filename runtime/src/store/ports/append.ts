import type { CommandRecord } from "./command-record.js";
import type { EventToAppend, RecordedEvent, StreamId } from "./event.js";
import type { RowTransaction } from "./rows.js";

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
  /** Applies inline projections, also if there are no events. Their rows are committed together with the events. */
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
 * Applies events to read models, whose rows are committed together with them. It has no effect except on the rows, since a store
 * may run it again, and may run it before the append on the rows as they are, which are then compared. Reading the position of an
 * event that has none yet throws, and the store runs it again in the transaction of the append. It must not wait for other work
 * of the same store.
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
