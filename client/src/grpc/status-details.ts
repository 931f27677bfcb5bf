import { fromBase64 } from "../base64/index.js";
import type { ErrorDetail } from "../errors/index.js";
import { type ProtoField, readFields, textOf } from "./proto-fields.js";

type Json = Readonly<Record<string, unknown>>;

/** The messages of google.rpc that the client itself reads, as ProtoJSON. */
const known: Readonly<Record<string, (bytes: Uint8Array) => Json>> = {
  "google.rpc.RetryInfo": (bytes) => {
    const delay = readFields(bytes).find(({ number }) => number === 1);
    const parts = delay === undefined ? [] : readFields(delay.bytes);
    const part = (wanted: number): number => parts.find(({ number }) => number === wanted)?.value ?? 0;
    return { retryDelay: `${part(1) + part(2) / 1e9}s` };
  },
  "google.rpc.BadRequest": (bytes) => ({
    fieldViolations: readFields(bytes).map((field) => toTexts(field.bytes, ["field", "description", "reason"])),
  }),
  "google.rpc.ErrorInfo": (bytes) => toTexts(bytes, ["reason", "domain"]),
};

/**
 * Reads `grpc-status-details-bin`, a google.rpc.Status, and `potter-status-details-bin`, which has the same details as ProtoJSON and is
 * sent to clients that send JSON. Malformed details are no reason to lose the error: there are none.
 */
export function readStatusDetails(status: string | undefined, json: string | undefined): readonly ErrorDetail[] {
  const binary = orNone(status, (bytes) => readFields(bytes).flatMap(toDetails));
  const texts = orNone(json, (bytes) => (JSON.parse(new TextDecoder().decode(bytes)) as JsonDetail[]).map(fromJson));
  // One of them may be too large for a trailer.
  if (texts.length === 0) return binary;
  return texts.map((detail, at) => (binary[at]?.typeName === detail.typeName ? { ...binary[at], ...detail } : detail));
}

/** A detail in `potter-status-details-bin`. */
interface JsonDetail {
  readonly type: string;
  readonly json?: unknown;
}

function fromJson({ type, json }: JsonDetail): ErrorDetail {
  return { typeName: String(type), ...(json !== undefined && { json }) };
}

function orNone(header: string | undefined, read: (bytes: Uint8Array) => ErrorDetail[]): readonly ErrorDetail[] {
  if (header === undefined) return [];
  try {
    return read(fromBase64(header.split(",")[0] ?? ""));
  } catch {
    return [];
  }
}

function toDetails({ number, bytes }: ProtoField): ErrorDetail[] {
  if (number !== 3) return [];
  const fields = readFields(bytes);
  const url = fields.find(({ number }) => number === 1);
  const typeName = url === undefined ? "" : textOf(url).replace(/^.*\//, "");
  const value = fields.find(({ number }) => number === 2)?.bytes ?? new Uint8Array(0);
  const read = known[typeName];
  return [{ typeName, bytes: value, ...(read !== undefined && { json: read(value) }) }];
}

/** The text fields of a message, of which the first has the number 1. */
function toTexts(bytes: Uint8Array, names: readonly string[]): Json {
  const found = readFields(bytes).map((field): [string, string] => [names[field.number - 1] ?? "", textOf(field)]);
  return Object.fromEntries(found.filter(([name]) => name !== ""));
}
