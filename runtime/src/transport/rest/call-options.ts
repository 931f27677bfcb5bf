import type { CallOptions, ExpectedVersion } from "../../cqrs/index.js";
import { type CallerOptions, HttpError, type HttpRequest } from "../../http/index.js";
import { readIfMatch } from "./entity-tags.js";

/**
 * What the headers of a request say of its call. A class, since an object literal with a getter costs a hidden class
 * each time; a getter, since a signal is dear and most handlers never ask for it.
 */
export class RequestOptions implements CallOptions {
  readonly commandId?: string;
  readonly expectedVersion?: ExpectedVersion;
  readonly lastEventId?: string;
  readonly correlationId: string;
  readonly user?: string;
  readonly tenant?: string;
  readonly tenants?: readonly string[] | "any" | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Set where a deadline ends the call. */
  deadline: AbortSignal | undefined;
  private readonly request: HttpRequest;

  constructor(request: HttpRequest, command: boolean, stream: boolean, correlationId: string, caller?: CallerOptions) {
    this.request = request;
    this.deadline = undefined;
    this.correlationId = correlationId;
    if (caller !== undefined) {
      if (caller.user !== undefined) this.user = caller.user;
      if (caller.tenant !== undefined) this.tenant = caller.tenant;
      if (caller.metadata !== undefined) this.metadata = caller.metadata;
      this.tenants = caller.tenants;
    }
    if (stream) {
      const last = request.header("last-event-id");
      if (last !== undefined && last !== "") this.lastEventId = last;
    }
    if (!command) return;
    const key = request.header("idempotency-key");
    if (key !== undefined) this.commandId = readIdempotencyKey(key);
    const match = request.header("if-match");
    if (match !== undefined) this.expectedVersion = readIfMatch(match);
    const noneMatch = request.header("if-none-match");
    if (noneMatch !== undefined) this.expectedVersion = readNoneMatch(noneMatch, match);
  }

  get signal(): AbortSignal {
    return this.deadline ?? this.request.signal;
  }
}

/** A string of structured fields (RFC 9651), as the draft has it, or the bare key, as most clients send it. */
function readIdempotencyKey(header: string): string {
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/.test(key)) return key;
  throw new HttpError(400, "invalid_argument", "Idempotency-Key must be 1 to 255 visible ASCII characters");
}

/** What must not be there yet has version 0. */
function readNoneMatch(header: string, match: string | undefined): ExpectedVersion {
  if (header.trim() !== "*")
    throw new HttpError(400, "invalid_argument", "If-None-Match of a command must be *: that there is nothing yet");
  if (match !== undefined)
    throw new HttpError(400, "invalid_argument", "a command can have If-Match or If-None-Match, not both");
  return 0;
}

/** The milliseconds that `request-timeout` gives in seconds. */
export function readRequestTimeout(header: string): number {
  const milliseconds = /^\d{1,9}(?:\.\d{1,3})?$/.test(header) ? Number(header) * 1000 : 0;
  if (milliseconds > 0) return milliseconds;
  throw new HttpError(400, "invalid_argument", "Request-Timeout must be a number of seconds above 0, like 2.5");
}
