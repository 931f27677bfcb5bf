import type { ExpectedVersion } from "./expected-version.js";
import type { Metadata, ReadonlyMetadata } from "./metadata.js";
import type { WaitRequest } from "./wait-request.js";

/** The identity, caller and deadline of a call: the same on every transport. */
export interface CallContext {
  /**
   * The id of the command, used as its idempotency key: a repeated id replays the recorded response. Belongs to a tenant and a
   * user. Default: a new id, under which no response is recorded.
   */
  readonly commandId: string;
  /** Whether the caller set the command id, so that the response is recorded under it. */
  readonly explicitCommandId: boolean;
  /** The id of the conversation that this call belongs to; recorded with its events. Default: the command id. */
  readonly correlationId: string;
  /** The id of the message that caused this call, such as an event or a command; recorded with its events. Default: none. */
  readonly causationId: string | undefined;
  /** The tenant whose data the call uses. Default: the empty string, which means no tenant. */
  readonly tenant: string;
  /**
   * The authenticated user, recorded as `user` in the metadata of events. Default: the empty string, which means
   * unknown.
   */
  readonly user: string;
  /** Without `tenant`: the tenants of which the request may name one. Default: any, as for calls within the process. */
  readonly tenants?: readonly string[] | "any" | undefined;
  /**
   * The version that the aggregate must have (`If-Match`), or a list of acceptable versions; otherwise the command fails with
   * `aborted`. Default: any version.
   */
  readonly expectedVersion: ExpectedVersion | undefined;
  /** Application metadata, recorded with the events. Keys are lower case. Default: none. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Aborts when the caller cancels or disconnects, when the deadline has passed, or when the app stops. Default: no
   * signal.
   */
  readonly signal: AbortSignal | undefined;
  /**
   * For a resumed stream: the id of the last item that the caller received. Default: the stream starts from its
   * beginning.
   */
  readonly lastEventId?: string | undefined;
  /**
   * For a query: the response fields that the caller needs, as paths of proto names (`lines.sku`). Others may be left out.
   * Default: all.
   */
  readonly fieldMask?: readonly string[] | undefined;
  /** What the client sent with the request: HTTP headers, or the metadata of gRPC. Default: none. */
  readonly requestHeaders: ReadonlyMetadata;
  /**
   * Sent to the client before the response: HTTP headers, or the initial metadata of gRPC. What is added after the first item of a
   * stream is not sent.
   */
  readonly responseHeaders: Metadata;
  /** Sent to the client after the response: trailing metadata of gRPC. REST and GraphQL cannot send it. */
  readonly responseTrailers: Metadata;
}

/** The options of one call: the part of its context that the caller may set. */
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
    | "requestHeaders"
    | "responseHeaders"
    | "responseTrailers"
  >
> & {
  /** What the caller waits for beyond the response. Default: nothing. */
  readonly wait?: WaitRequest | undefined;
};

/** The source of time and ids for handlers, so that tests can control both. */
export interface Clock {
  /** The current time. */
  now(): Date;
  /** A new unique id. The system clock returns UUIDs of version 7. */
  newId(): string;
}
