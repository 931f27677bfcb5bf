import type { AppendRequest, AppendResult } from "./append.js";
import type { StreamId } from "./event.js";

/** The encoded state of a state-stored aggregate. */
export interface EncodedState {
  /** Version of the state's shape. */
  readonly stateVersion: number;
  /** The encoded state. */
  readonly bytes: Uint8Array;
}

/** A state as the store keeps it. */
export interface StoredState extends EncodedState {
  /** Number of events so far. */
  readonly version: number;
}

/** Writes the new state of a state-stored aggregate, with the events that led to it. */
export interface StateWrite extends AppendRequest {
  /** The state after the events. Stored only if there are events. */
  readonly state: EncodedState;
  /** Whether to add the events to the outbox in the same transaction. */
  readonly outbox: boolean;
}

/** The outcome of a write: that of an append, with position 0. */
export type StateWriteResult = AppendResult;

/** The port of stores that keep the state of aggregates instead of their events. */
export interface StateStore {
  /** Returns the state, undefined if there is none. */
  load(stream: StreamId): Promise<StoredState | undefined>;
  /**
   * Stores a state if the stored one has the expected version, with its command, unique values, inline projections and outbox
   * messages, all or nothing.
   */
  write(write: StateWrite): Promise<StateWriteResult>;
}
