import type { Duration } from "@bufbuild/protobuf/wkt";
import type { Schema } from "../keywords/index.js";
import { type Notes, noteRules, type RuleValues } from "../read-rules/index.js";

/** Schemas of the rules of durations. Bounds become notes, since texts have no bounds. */
export function durationRules(values: RuleValues, notes: Notes): Schema[] {
  noteRules(notes, values, "lt", "lte", "gt", "gte", "notIn");
  const { const: only, in: some } = values as { const?: Duration; in?: readonly Duration[] };
  return [
    ...(only === undefined ? [] : [{ const: writeDuration(only) }]),
    ...(some === undefined ? [] : [{ enum: some.map(writeDuration) }]),
  ];
}

/** Notes the rules of timestamps, since texts have no bounds. */
export function noteTimestampRules(values: RuleValues, notes: Notes): void {
  noteRules(notes, values, "const", "lt", "lte", "gt", "gte", "ltNow", "gtNow", "within");
}

/** Prints a duration as ProtoJSON: with no, three, six or nine fraction digits. */
export function writeDuration({ seconds, nanos }: Pick<Duration, "seconds" | "nanos">): string {
  const sign = seconds < 0n || nanos < 0 ? "-" : "";
  const whole = seconds < 0n ? -seconds : seconds;
  if (nanos === 0) return `${sign}${whole}s`;
  const digits = String(Math.abs(nanos)).padStart(9, "0");
  return `${sign}${whole}.${digits.replace(/(000){1,2}$/, "")}s`;
}
