import type { ExpectedVersion } from "../cqrs/index.js";
import type { HttpRequest } from "./http.js";
import { HttpError } from "./http-error.js";

// What headers say of a call, read the same way on every surface. What is malformed is refused: to pass it over would carry a retry out twice,
// or overwrite what somebody else has changed.

type Headers = Pick<HttpRequest, "header">;

/** The command id that `idempotency-key` gives; undefined: none. */
export function readCommandId(request: Headers): string | undefined {
  const header = request.header("idempotency-key");
  return header === undefined ? undefined : readIdempotencyKey(header);
}

/** The version that `if-match` or `if-none-match` expects; undefined: neither is given. */
export function readExpectedVersion(request: Headers): ExpectedVersion | undefined {
  const match = request.header("if-match");
  const noneMatch = request.header("if-none-match");
  if (noneMatch !== undefined) return readNoneMatch(noneMatch, match);
  return match === undefined ? undefined : readIfMatch(match);
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

const tag = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;
const tags = /^\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*(?:,\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*)*$/;

function readTags(name: string, header: string): readonly string[] {
  if (tags.test(header)) return header.match(tag) ?? [];
  throw new HttpError(400, "invalid_argument", `${name} must be entity tags as ETag gave them, like "3", or *`);
}

/**
 * The versions that `if-match` allows (RFC 9110, section 13.1.1). Throws 412 when no version can match: weak tags never
 * do, nor do those that are no version.
 */
function readIfMatch(header: string): ExpectedVersion {
  if (header.trim() === "*") return "any";
  const versions = readTags("If-Match", header).flatMap((one) => {
    const version = /^"(\d{1,15})"$/.exec(one)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
  const [first, ...more] = versions;
  if (first === undefined) throw new HttpError(412, "aborted", "no entity tag of If-Match is a version");
  return more.length === 0 ? first : versions;
}
