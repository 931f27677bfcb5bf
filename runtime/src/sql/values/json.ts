import type { RowValue } from "../../store/ports/index.js";
import { escapeNul, unescapeNul } from "./escape-nul.js";

/** Writes named values as a JSON object for jsonb, which keeps numbers of any length exactly. */
export function toJsonObject(entries: Iterable<readonly [string, RowValue]>): string {
  const members: string[] = [];
  for (const [name, value] of entries) members.push(`${JSON.stringify(escapeNul(name))}:${toJsonValue(value)}`);
  return `{${members.join(",")}}`;
}

/**
 * A number in decimal, by its exact value: JSON writes 2^60 as the shortest digits that read back as the same
 * double, which is another number to jsonb. Infinity becomes a number that is greater than any double.
 */
export function toNumeral(value: number | bigint): string {
  if (typeof value === "bigint") return value.toString();
  if (!Number.isFinite(value)) return value > 0 ? "1e400" : "-1e400";
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** Reads metadata back. */
export function fromJsonObject(value: unknown): Record<string, string> {
  const entries = Object.entries(value as Record<string, string>);
  // Most events have none.
  if (entries.length === 0) return {};
  return Object.fromEntries(entries.map(([name, text]) => [unescapeNul(name), unescapeNul(text)]));
}

function toJsonValue(value: RowValue): string {
  if (typeof value === "string") return JSON.stringify(escapeNul(value));
  return typeof value === "boolean" ? String(value) : toNumeral(value);
}

/** Cache of the last metadata: most events of a process carry none, or that of their call. */
let lastMetadata: Readonly<Record<string, string>> | undefined;
let lastText = "{}";

export function toMetadata(metadata: Readonly<Record<string, string>>): string {
  if (metadata === lastMetadata && Object.isFrozen(metadata)) return lastText;
  lastText = toJsonObject(Object.entries(metadata));
  lastMetadata = metadata;
  return lastText;
}
