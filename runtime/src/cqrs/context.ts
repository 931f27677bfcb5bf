import type { ExpectedVersion } from "./expected-version.js";

/** Who calls, under which id, and until when: the same on every transport. */
export interface CallContext {
  /**
   * Id of the command, the key of idempotency: a second call with the same id gets the first one's answer.
   * Generated if the caller sets none; see `explicitCommandId`.
   */
  readonly commandId: string;
  /** Whether the caller gave the command id, so that the outcome is recorded under it. */
  readonly explicitCommandId: boolean;
  /** Id of the conversation that this call belongs to. Default: the command id. */
  readonly correlationId: string;
  /** Id of the message that led to this call, if it was not a person. */
  readonly causationId: string | undefined;
  /** Whose data: the empty string where there are no tenants. */
  readonly tenant: string;
  /** Who calls, as an id that whoever authenticates knows; the empty string: nobody said. Kept with events, as `user` of their metadata. */
  readonly user: string;
  /** Where the caller has no tenant: of which the request may name one. undefined: of any, as for calls from inside. */
  readonly tenants?: readonly string[] | "any" | undefined;
  /** The version the caller believes the aggregate has (If-Match); a list where several will do. */
  readonly expectedVersion: ExpectedVersion | undefined;
  /** Free metadata that is kept with the events. Keys are lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Aborts when the caller has gone or the deadline has passed. */
  readonly signal: AbortSignal | undefined;
  /** Of a stream that its caller takes up again: the id of the last item that has arrived, if items have ids. */
  readonly lastEventId?: string | undefined;
  /**
   * Of a query: the fields of the answer that its caller wants, as paths in proto names (`lines.sku`). Others may be left
   * out. Absent: all.
   */
  readonly fieldMask?: readonly string[] | undefined;
}

/** The part of a call's context that a caller may set. */
export type CallOptions = Partial<
  Pick<
    CallContext,
    | "commandId"
    | "correlationId"
    | "causationId"
    | "tenant"
    | "user"
    | "tenants"
    | "expectedVersion"
    | "metadata"
    | "signal"
    | "lastEventId"
    | "fieldMask"
  >
>;

/** Time and ids, as handlers get them, so that tests and replays can set them. */
export interface Clock {
  /** The current time. */
  now(): Date;
  /** A new unique id: a UUID of version 7. */
  newId(): string;
}
