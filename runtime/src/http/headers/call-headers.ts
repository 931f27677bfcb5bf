import {
  type CallOptions,
  type CarriedWait,
  type ExpectedVersion,
  Metadata,
  type ReadonlyMetadata,
} from "../../cqrs/index.js";
import { newId } from "../../message/index.js";
import type { CallerOptions } from "../caller.js";
import { HttpError } from "../errors/index.js";
import type { HttpRequest } from "../http.js";
import { readEntityTags } from "./entity-tags.js";

// The headers that describe a call, read in the same way by every transport. A malformed header is an error: ignoring it would
// execute a retry twice, or overwrite a concurrent change.

/** What the headers of a request are read for. */
export interface CallKind {
  /** Whether the call is a command: only commands have an id and an expected version. */
  readonly command: boolean;
  /** Whether the response is a stream: only streams resume at a `last-event-id`. */
  readonly stream: boolean;
}

/** The options of the call that a request makes. Throws an HttpError for a malformed header. */
// A class, because an object literal with a getter costs a hidden class each time. `signal` is a getter, because creating
// a signal is expensive and most handlers never read it.
export class RequestCall implements CallOptions {
  readonly commandId?: string;
  readonly expectedVersion?: ExpectedVersion;
  readonly lastEventId?: string;
  readonly correlationId: string;
  readonly user?: string;
  readonly tenant?: string;
  readonly tenants?: readonly string[] | "any" | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
  /** What the client waits for beyond the response. */
  readonly wait: CarriedWait | undefined;
  /** Replaces the signal of the request where the call has a deadline. */
  deadline: AbortSignal | undefined;
  private readonly request: Pick<HttpRequest, "header" | "headers" | "signal">;
  /** What the handler has added to the response, if anything. */
  addedHeaders: Metadata | undefined;
  addedTrailers: Metadata | undefined;

  constructor(
    request: Pick<HttpRequest, "header" | "headers" | "signal">,
    { command, stream }: CallKind,
    correlationId: string,
    caller?: CallerOptions,
  ) {
    this.request = request;
    this.deadline = undefined;
    this.addedHeaders = undefined;
    this.addedTrailers = undefined;
    this.correlationId = correlationId;
    if (caller !== undefined) {
      if (caller.user !== undefined) this.user = caller.user;
      if (caller.tenant !== undefined) this.tenant = caller.tenant;
      if (caller.metadata !== undefined) this.metadata = caller.metadata;
      this.tenants = caller.tenants;
    }
    this.wait = readWait(request);
    if (stream) {
      const last = request.header("last-event-id");
      if (last !== undefined && last !== "") this.lastEventId = last;
    }
    if (!command) return;
    const commandId = readCommandId(request);
    if (commandId !== undefined) this.commandId = commandId;
    const expectedVersion = readExpectedVersion(request);
    if (expectedVersion !== undefined) this.expectedVersion = expectedVersion;
  }

  get signal(): AbortSignal {
    return this.deadline ?? this.request.signal;
  }

  get requestHeaders(): ReadonlyMetadata {
    return new Metadata(this.request.headers());
  }

  get responseHeaders(): Metadata {
    this.addedHeaders ??= new Metadata();
    return this.addedHeaders;
  }

  get responseTrailers(): Metadata {
    this.addedTrailers ??= new Metadata();
    return this.addedTrailers;
  }
}

/** Returns what lets the app read what the client waits for; undefined if it waits for nothing but the response. */
export function readWait(request: Pick<HttpRequest, "header">): CarriedWait | undefined {
  if (request.header("potter-after") === undefined && request.header("potter-wait-for") === undefined) return undefined;
  return { header: (name) => request.header(name) };
}

/** Returns the correlation id that the client sent, or a new one. */
export function correlationIdOf(request: Pick<HttpRequest, "header">): string {
  return readCorrelationId(request) ?? newId();
}

/**
 * Reads the correlation id that the client sent: `x-correlation-id`, or the trace id of `traceparent`. Ignores anything but a
 * short plain token, since the id is written to logs and headers.
 */
export function readCorrelationId(request: Pick<HttpRequest, "header">): string | undefined {
  const given = request.header("x-correlation-id");
  if (given !== undefined && /^[\w.:/+=@-]{1,128}$/.test(given)) return given;
  const trace = request.header("traceparent");
  const id = trace === undefined ? undefined : /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(trace)?.[1];
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}

/** Reads the command id from `idempotency-key`. Returns undefined if the request has none. */
export function readCommandId(request: Pick<HttpRequest, "header">): string | undefined {
  const header = request.header("idempotency-key");
  return header === undefined ? undefined : readIdempotencyKey(header);
}

/** Reads the expected version from `if-match` or `if-none-match`. Returns undefined if the request has neither. */
export function readExpectedVersion(request: Pick<HttpRequest, "header">): ExpectedVersion | undefined {
  const match = request.header("if-match");
  const noneMatch = request.header("if-none-match");
  if (noneMatch !== undefined) return readNoneMatch(noneMatch, match);
  return match === undefined ? undefined : readIfMatch(match);
}

/** Reads `request-timeout`, in seconds. Returns milliseconds. */
export function readRequestTimeout(header: string): number {
  const milliseconds = /^\d{1,9}(?:\.\d{1,3})?$/.test(header) ? Number(header) * 1000 : 0;
  if (milliseconds > 0) return milliseconds;
  throw new HttpError(400, "invalid_argument", "Request-Timeout must be a number of seconds above 0, like 2.5");
}

/** Accepts a string of structured fields (RFC 9651), as the draft requires, and the bare key that most clients send. */
function readIdempotencyKey(header: string): string {
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/.test(key)) return key;
  throw new HttpError(400, "invalid_argument", "Idempotency-Key must be 1 to 255 visible ASCII characters");
}

/** A stream that must not exist has version 0. */
function readNoneMatch(header: string, match: string | undefined): ExpectedVersion {
  if (header.trim() !== "*")
    throw new HttpError(400, "invalid_argument", "If-None-Match of a command must be *: the aggregate must not exist");
  if (match !== undefined)
    throw new HttpError(400, "invalid_argument", "a command can have If-Match or If-None-Match, not both");
  return 0;
}

/**
 * Reads the versions that `if-match` allows (RFC 9110, section 13.1.1). Throws 412 if no version can match: weak tags and tags
 * that are not versions never match.
 */
function readIfMatch(header: string): ExpectedVersion {
  if (header.trim() === "*") return "any";
  const versions = readEntityTags("If-Match", header).flatMap((tag) => {
    const version = /^"(\d{1,15})"$/.exec(tag)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
  const [first, ...more] = versions;
  if (first === undefined) throw new HttpError(412, "aborted", "no entity tag of If-Match is a version");
  return more.length === 0 ? first : versions;
}
