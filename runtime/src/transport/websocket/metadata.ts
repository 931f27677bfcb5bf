import type { JsonValue } from "@bufbuild/protobuf";
import { type AnyMethod, type ExpectedVersion, isStream } from "../../cqrs/index.js";
import { invalidParams } from "./call-errors.js";
import { isObject } from "./frames.js";

/** What a client sends with a request in addition to the message. */
export interface CallMetadata {
  readonly commandId?: string;
  readonly expectedVersion?: ExpectedVersion;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly correlationId?: string;
  /** The position after which a stream resumes. */
  readonly after?: string;
  /** Items of the response that may be sent. Absent: any number. */
  readonly credit?: number;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

type Reader<T> = (value: JsonValue) => T | undefined;

const readers: { readonly [Name in keyof CallMetadata]-?: Reader<Required<CallMetadata>[Name]> } = {
  commandId: (value) => matching(value, /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/),
  expectedVersion: readExpectedVersion,
  timeout: (value) => (typeof value === "number" && value > 0 ? value : undefined),
  correlationId: (value) => matching(value, /^[\w.:/+=@-]{1,128}$/),
  after: (value) => matching(value, /^[^\0\r\n]{1,1024}$/),
  credit: (value) => (isCredit(value) ? value : undefined),
  headers: readHeaders,
};

const expected: { readonly [Name in keyof CallMetadata]-?: string } = {
  commandId: "1 to 255 visible ASCII characters",
  expectedVersion: 'a version, a list of versions, or "any"',
  timeout: "a number of milliseconds above 0",
  correlationId: "1 to 128 characters of A-Z a-z 0-9 _ . : / + = @ -",
  after: "a position: a string of one line with at most 1024 characters",
  credit: "a whole number above 0 and below 2147483648",
  headers: "an object whose values are strings or lists of strings",
};

/** Headers that say what frames say in another way, which is the only one: here they would have no effect. */
const reserved: ReadonlyMap<string, string> = new Map([
  ["authorization", "the params of $/open and $/auth"],
  ["connect-timeout-ms", "timeout"],
  ["grpc-timeout", "timeout"],
  ["idempotency-key", "commandId"],
  ["if-match", "expectedVersion"],
  ["if-none-match", "expectedVersion"],
  ["last-event-id", "after"],
  ["request-timeout", "timeout"],
  ["x-correlation-id", "correlationId"],
]);

const none: CallMetadata = {};

/**
 * Reads the metadata of a call. Throws `invalid_argument` for members that are malformed or unknown, or have no meaning for the
 * method, and for headers that would have no effect.
 */
export function readMetadata(json: JsonValue | undefined, method: AnyMethod): CallMetadata {
  if (json === undefined || json === null) return none;
  if (!isObject(json)) throw invalidParams("the metadata of a call must be an object");
  const metadata: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const reader = Object.hasOwn(readers, name) ? readers[name as keyof CallMetadata] : undefined;
    if (reader === undefined) {
      throw invalidParams(`the metadata has an unknown member: known are ${Object.keys(readers).join(", ")}`);
    }
    if (value === null) continue;
    const read = reader(value);
    if (read === undefined) throw invalidParams(`${name} must be ${expected[name as keyof CallMetadata]}`);
    metadata[name] = read;
  }
  if (!isStream(method) && (metadata["after"] ?? metadata["credit"]) !== undefined) {
    throw invalidParams("after and credit are for methods whose response is a stream");
  }
  if (method.kind !== "command" && (metadata["commandId"] ?? metadata["expectedVersion"]) !== undefined) {
    throw invalidParams("commandId and expectedVersion are for commands");
  }
  return metadata;
}

/** Whether a value is a number of items that may be sent. */
export function isCredit(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31;
}

function matching(value: JsonValue, pattern: RegExp): string | undefined {
  return typeof value === "string" && pattern.test(value) ? value : undefined;
}

function readExpectedVersion(value: JsonValue): ExpectedVersion | undefined {
  if (value === "any" || isVersion(value)) return value;
  return Array.isArray(value) && value.length > 0 && value.length <= 100 && value.every(isVersion) ? value : undefined;
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readHeaders(value: JsonValue): CallMetadata["headers"] | undefined {
  if (!isObject(value)) return undefined;
  const headers: [string, string][] = [];
  for (const [name, given] of Object.entries(value)) {
    for (const one of Array.isArray(given) ? given : [given]) {
      // What HTTP allows (RFC 9110, section 5), so that all transports have the same.
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || typeof one !== "string" || /[\0\r\n]/.test(one)) return undefined;
      const key = name.toLowerCase();
      const instead = reserved.get(key);
      if (instead !== undefined) throw invalidParams(`headers must not have ${key}: use ${instead} instead`);
      headers.push([key, one]);
    }
  }
  return headers;
}
