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

/** Reads `grpc-status-details-bin`, a google.rpc.Status. Malformed details are no reason to lose the error: there are none. */
export function readStatusDetails(header: string | undefined): readonly ErrorDetail[] {
  if (header === undefined) return [];
  try {
    const fields = readFields(fromBase64(header.split(",")[0] ?? ""));
    return fields.filter(({ number }) => number === 3).map(toDetail);
  } catch {
    return [];
  }
}

function toDetail({ bytes }: ProtoField): ErrorDetail {
  const fields = readFields(bytes);
  const url = fields.find(({ number }) => number === 1);
  const typeName = url === undefined ? "" : textOf(url).replace(/^.*\//, "");
  const value = fields.find(({ number }) => number === 2)?.bytes ?? new Uint8Array(0);
  const read = known[typeName];
  return { typeName, bytes: value, ...(read !== undefined && { json: read(value) }) };
}

/** The text fields of a message, of which the first has the number 1. */
function toTexts(bytes: Uint8Array, names: readonly string[]): Json {
  const found = readFields(bytes).map((field): [string, string] => [names[field.number - 1] ?? "", textOf(field)]);
  return Object.fromEntries(found.filter(([name]) => name !== ""));
}
