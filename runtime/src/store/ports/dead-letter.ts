import type { StreamId } from "./event.js";

/** An event that a projection could not apply, or that a failed event of the same key blocks. */
export interface DeadLetter {
  /** The key that is blocked: the stream, unless the projection defines another key. */
  readonly key: string;
  /** Position of the event in the log. */
  readonly position: number;
  /** Number of the shard that the event belongs to, from 0. */
  readonly shard: number;
  /** Id of the event. */
  readonly eventId: string;
  /** Stored type of the event. */
  readonly type: string;
  /** Version of the event's schema. */
  readonly schemaVersion: number;
  /** The stream of the event. */
  readonly stream: StreamId;
  /** Version of the stream after the event. */
  readonly version: number;
  /** Why it could not be applied. Set for the first event of a key; undefined for those that it blocks. */
  readonly error: string | undefined;
  /** Number of attempts. */
  readonly attempts: number;
  /** Milliseconds until the next attempt; undefined: only on request. */
  readonly retryIn: number | undefined;
}

/** Selects dead letters of a build. */
export interface DeadLetterQuery {
  /** Only dead letters of this shard. Default: all shards. */
  readonly shard?: number;
  /** Only dead letters of this key. Default: all keys. */
  readonly key?: string;
  /** Only dead letters whose next attempt is due, longest due first. Otherwise they are sorted by key and position. */
  readonly due?: boolean;
  /** The most dead letters to return. */
  readonly limit: number;
}

/** A change of dead letters that is committed with a checkpoint. */
export type DeadLetterChange =
  /** A new dead letter. `retryIn`: milliseconds until the next attempt. */
  | ({ readonly kind: "add" } & DeadLetter)
  /** It was applied: it is deleted, and the next one of its key is due at once. */
  | { readonly kind: "applied"; readonly key: string; readonly position: number }
  /** Another attempt failed. */
  | ({ readonly kind: "failed" } & Pick<DeadLetter, "key" | "position" | "attempts" | "error" | "retryIn">);
