import type { JsonValue } from "@bufbuild/protobuf";
import { PotterError } from "../../../errors/index.js";
import type { RecordedEvent } from "../../../store/ports/index.js";

/** Formats an event as one line of JSON without a line break. The payload is the stored bytes in base64. */
export function toEventLine(event: RecordedEvent, json?: JsonValue): string {
  const { position, id, stream, version, type, schemaVersion, at, correlationId, causationId, metadata, bytes } = event;
  if (bytes === undefined) {
    throw new PotterError(
      "failed_precondition",
      `the event at position ${position} is an object in memory: this store has no bytes to export`,
    );
  }
  return JSON.stringify({
    position,
    id,
    stream: { tenant: stream.tenant, type: stream.type, id: stream.id },
    version,
    type,
    schemaVersion,
    at: new Date(at).toISOString(),
    correlationId,
    causationId,
    metadata,
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
    ...(json !== undefined && { json }),
  });
}

/** A line is not an event. The message describes the error. */
export class LineError extends Error {}

type Read<T> = (value: unknown, path: string) => T;

/** Parses a line that `toEventLine` wrote. Throws a LineError for invalid fields; unknown ones, such as `json`, are ignored. */
export function fromEventLine(line: string): RecordedEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new LineError(`invalid JSON (${error instanceof Error ? error.message : error})`);
  }
  const fields = object(value, "the line");
  const stream = object(fields["stream"], "stream");
  const field = <T>(name: string, read: Read<T>): T => read(fields[name], name);
  return {
    id: field("id", uuid),
    position: field("position", count),
    stream: {
      tenant: text(stream["tenant"], "stream.tenant"),
      type: filled(stream["type"], "stream.type"),
      id: filled(stream["id"], "stream.id"),
    },
    version: field("version", count),
    type: field("type", filled),
    schemaVersion: field("schemaVersion", count),
    at: field("at", time),
    correlationId: field("correlationId", text),
    causationId: field("causationId", text),
    metadata: field("metadata", texts),
    bytes: field("bytes", base64),
  };
}

function object(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw expected(path, "an object", value);
}

function text(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw expected(path, "a string", value);
}

function filled(value: unknown, path: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw expected(path, "a non-empty string", value);
}

function uuid(value: unknown, path: string): string {
  if (typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return value.toLowerCase(); // biome-ignore format: one line
  throw expected(path, "a UUID", value);
}

function count(value: unknown, path: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
  throw expected(path, "a whole number of at least 1", value);
}

function time(value: unknown, path: string): number {
  const at =
    typeof value === "string" && /^[+-]?\d{4,6}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw expected(path, "a time such as 2026-11-26T08:00:00.000Z", value);
}

function texts(value: unknown, path: string): Readonly<Record<string, string>> {
  const entries = Object.entries(object(value, path));
  for (const [key, one] of entries) text(one, `${path}.${key}`);
  return Object.fromEntries(entries) as Record<string, string>;
}

function base64(value: unknown, path: string): Uint8Array {
  if (typeof value === "string" && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
    return new Uint8Array(Buffer.from(value, "base64"));
  }
  throw expected(path, "base64", value);
}

function expected(path: string, what: string, found: unknown): LineError {
  if (found === undefined) return new LineError(`${path} must be ${what}, but is missing`);
  const shown = JSON.stringify(found) ?? String(found);
  return new LineError(`${path} must be ${what}, not ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`);
}
