import type { AppendRequest, AppendResult, StreamId } from "./event-store.js";

/** The state of an aggregate that stores it, encoded. */
export interface EncodedState {
  /** Version of the state's shape. */
  readonly stateVersion: number;
  readonly bytes: Uint8Array;
}

/** A state as it was stored. */
export interface StoredState extends EncodedState {
  /** Number of events that have led to it. */
  readonly version: number;
}

/** A new state, with the events that lead to it: what an append is for an aggregate that stores its events. */
export interface StateWrite extends AppendRequest {
  /** After the events. Stored only if there are any. */
  readonly state: EncodedState;
  /** Whether the events go to the outbox, in the same transaction. */
  readonly outbox: boolean;
}

/** How a write ended: as an append does, with no position. */
export type StateWriteResult = AppendResult;

/** The port of stores that keep the state of aggregates, and not their events. */
export interface StateStore {
  load(stream: StreamId): Promise<StoredState | undefined>;
  /**
   * Stores a state if the stored one has the expected version: with its command, its claims, its inline projections and its
   * messages to the outbox, all or nothing. Answers as an append does; there is no position.
   */
  write(write: StateWrite): Promise<StateWriteResult>;
}
