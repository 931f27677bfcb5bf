import type { Duration } from "@bufbuild/protobuf/wkt";
import type { Schema } from "../keywords/index.js";
import { type Notes, noteRules, type RuleValues } from "../rules/index.js";

/** The rules of durations. Bounds cannot be said of texts, so they become notes. */
export function durationRules(values: RuleValues, notes: Notes): Schema[] {
  noteRules(notes, values, "lt", "lte", "gt", "gte", "notIn");
  const { const: only, in: some } = values as { const?: Duration; in?: readonly Duration[] };
  return [
    ...(only === undefined ? [] : [{ const: writeDuration(only) }]),
    ...(some === undefined ? [] : [{ enum: some.map(writeDuration) }]),
  ];
}

/** The rules of points in time. Bounds cannot be said of texts, so they become notes. */
export function noteTimestampRules(values: RuleValues, notes: Notes): void {
  noteRules(notes, values, "const", "lt", "lte", "gt", "gte", "ltNow", "gtNow", "within");
}

/** As ProtoJSON writes it: with three, six or nine digits after the point, or none. */
export function writeDuration({ seconds, nanos }: Pick<Duration, "seconds" | "nanos">): string {
  const sign = seconds < 0n || nanos < 0 ? "-" : "";
  const whole = seconds < 0n ? -seconds : seconds;
  if (nanos === 0) return `${sign}${whole}s`;
  const digits = String(Math.abs(nanos)).padStart(9, "0");
  return `${sign}${whole}.${digits.replace(/(000){1,2}$/, "")}s`;
}
