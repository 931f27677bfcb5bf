import type { StreamId } from "./event-store.js";

/** An event that a projection could not apply, or that came behind one under the same key. */
export interface DeadLetter {
  /** What the event is parked under: its stream, unless the projection says otherwise. */
  readonly key: string;
  readonly position: number;
  readonly shard: number;
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly stream: StreamId;
  /** Version of the stream at the event. */
  readonly version: number;
  /** Why it could not be applied: of the first of its key; undefined for those that wait behind it. */
  readonly error: string | undefined;
  /** How often it was tried. */
  readonly attempts: number;
  /** Milliseconds until it is tried again; undefined: only when somebody asks. */
  readonly retryIn: number | undefined;
}

export interface DeadLetterQuery {
  readonly shard?: number;
  readonly key?: string;
  /** Only letters whose next try is due, those that have been due for longest first. Otherwise in the order of keys and positions. */
  readonly due?: boolean;
  readonly limit: number;
}

/** What a step of a projection does to the parked events. */
export type DeadLetterChange =
  /** A new one. `retryIn`: milliseconds until the next try. */
  | ({ readonly kind: "add" } & DeadLetter)
  /** Applied at last: it goes, and the next of its key is due at once. */
  | { readonly kind: "applied"; readonly key: string; readonly position: number }
  /** Tried once more, in vain. */
  | ({ readonly kind: "failed" } & Pick<DeadLetter, "key" | "position" | "attempts" | "error" | "retryIn">);
