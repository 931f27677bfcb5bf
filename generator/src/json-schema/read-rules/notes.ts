import type { RuleValues } from "./rules.js";

/** Constraints that a schema cannot express, as text for its description. */
export type Notes = string[];

/** Describes rules that no keyword can express. */
export function noteRules(notes: Notes, values: RuleValues, ...names: readonly string[]): void {
  for (const name of names) {
    if (values[name] !== undefined)
      notes.push(`Must satisfy the rule \`${toSnakeCase(name)}\`: ${print(values[name])}.`);
  }
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function print(value: unknown): string {
  if (Array.isArray(value)) return value.map(print).join(", ");
  if (value instanceof Uint8Array) return `0x${[...value].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  if (typeof value === "object" && value !== null) {
    const { seconds, nanos, paths } = value as { seconds?: bigint; nanos?: number; paths?: readonly string[] };
    if (paths !== undefined) return paths.join(", ");
    if (seconds !== undefined) return nanos ? `${seconds} s ${nanos} ns` : `${seconds} s`;
  }
  return String(value);
}
