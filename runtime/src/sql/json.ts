import type { RowValue } from "../event-store/index.js";
import { fromText, toText } from "./text.js";

/** Writes values by name as a JSON object for jsonb, which keeps numbers exactly, however long. */
export function toJsonObject(entries: Iterable<readonly [string, RowValue]>): string {
  const members: string[] = [];
  for (const [name, value] of entries) members.push(`${JSON.stringify(toText(name))}:${toJsonValue(value)}`);
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
  return Object.fromEntries(entries.map(([name, text]) => [fromText(name), fromText(text)]));
}

function toJsonValue(value: RowValue): string {
  if (typeof value === "string") return JSON.stringify(toText(value));
  return typeof value === "boolean" ? String(value) : toNumeral(value);
}
