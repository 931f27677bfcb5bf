import type { CallOptions, MethodKind } from "../../cqrs/index.js";
import { HttpError, type HttpRequest } from "../../http/index.js";

/**
 * The correlation id that a caller gave: `x-correlation-id`, or the trace id of `traceparent`. It ends up in logs and
 * headers, so anything but a short plain token is passed over.
 */
export function readCorrelationId(request: HttpRequest): string | undefined {
  const given = request.header("x-correlation-id");
  if (given !== undefined && /^[\w.:/+=@-]{1,128}$/.test(given)) return given;
  const trace = request.header("traceparent");
  const id = trace === undefined ? undefined : /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(trace)?.[1];
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}

/**
 * What the headers of a request say of its call. A class, since an object literal with a getter costs a hidden class
 * each time; a getter, since a signal is dear and most handlers never ask for it.
 */
export class RequestOptions implements CallOptions {
  readonly correlationId: string;
  readonly commandId?: string;
  readonly expectedVersion?: number;
  private readonly request: HttpRequest;

  constructor(request: HttpRequest, kind: MethodKind, correlationId: string) {
    this.request = request;
    this.correlationId = correlationId;
    if (kind !== "command") return;
    const key = request.header("idempotency-key");
    if (key !== undefined) this.commandId = readIdempotencyKey(key);
    const match = request.header("if-match");
    if (match !== undefined && match !== "*") this.expectedVersion = readVersion(match);
  }

  get signal(): AbortSignal {
    return this.request.signal;
  }
}

/** A string of structured fields (RFC 9651), as the draft has it, or the bare key, as most clients send it. */
function readIdempotencyKey(header: string): string {
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/.test(key)) return key;
  throw new HttpError(400, "invalid_argument", "Idempotency-Key must be 1 to 255 visible ASCII characters");
}

function readVersion(header: string): number {
  const version = /^"(\d{1,15})"$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  throw new HttpError(400, "invalid_argument", 'If-Match must be one entity tag as ETag gave it, like "3"');
}
