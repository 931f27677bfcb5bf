import type { StreamId } from "./event-store.js";

/** An event that a projection could not apply, or that a failed event of the same key blocks. */
export interface DeadLetter {
  /** The key that is blocked: the stream, unless the projection defines another key. */
  readonly key: string;
  readonly position: number;
  readonly shard: number;
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
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
  readonly shard?: number;
  readonly key?: string;
  /** Only dead letters whose next attempt is due, longest due first. Otherwise they are sorted by key and position. */
  readonly due?: boolean;
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
