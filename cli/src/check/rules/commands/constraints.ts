import {
  type DescField,
  type DescMessage,
  type DescOneof,
  type FileRegistry,
  getOption,
  hasOption,
  toJson,
} from "@bufbuild/protobuf";

/** The rules of an element by their path: `string.min_len` → `1`. Values are JSON. */
export type Constraints = ReadonlyMap<string, string>;

/** A rule that has changed, and whether it refuses more than before. */
export interface ConstraintChange {
  /** The rule and its value: `string.min_len 1`. */
  readonly rule: string;
  /** What it means for requests. */
  readonly effect: "tightened" | "loosened" | "changed";
}

/** Reads the rules of protovalidate that a field, a message or a oneof has. */
export function readConstraints(desc: DescField | DescMessage | DescOneof, registry: FileRegistry): Constraints {
  const extension = registry.getExtension(`buf.validate.${desc.kind}`);
  const found = new Map<string, string>();
  if (extension?.fieldKind !== "message" || !hasOption(desc as never, extension as never)) return found;
  const rules = getOption(desc as never, extension as never) as never;
  flatten(toJson(extension.message, rules, { registry, useProtoFieldName: true }), [], found);
  return found;
}

function flatten(value: unknown, path: readonly string[], found: Map<string, string>): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [key, below] of Object.entries(value)) flatten(below, [...path, key], found);
  } else found.set(path.join("."), JSON.stringify(value));
}

/** Compares the rules of an element. */
export function compareConstraints(before: Constraints, now: Constraints): readonly ConstraintChange[] {
  const rules = [...new Set([...before.keys(), ...now.keys()])].sort();
  return rules.flatMap((rule) => {
    const [old, value] = [before.get(rule), now.get(rule)];
    if (old === value) return [];
    return [{ rule: value === undefined ? `${rule} is gone` : `${rule} ${value}`, effect: effectOf(rule, old, value) }];
  });
}

/** Rules that refuse nothing by themselves. */
const harmless = /(^|\.)example$/;
const lower = /(^|\.)(min_\w+|gte?)$/;
const upper = /(^|\.)(max_\w+|lte?)$/;

function effectOf(rule: string, old: string | undefined, value: string | undefined): ConstraintChange["effect"] {
  if (harmless.test(rule)) return "loosened";
  // Ignoring rules under some condition is the reverse of a rule.
  if (/(^|\.)ignore$/.test(rule)) return "changed";
  if (old === undefined) return value === "false" ? "loosened" : "tightened";
  if (value === undefined) return "loosened";
  if (old === "true" || old === "false") return value === "true" ? "tightened" : "loosened";
  const [from, to] = [toNumber(old), toNumber(value)];
  if (from !== undefined && to !== undefined) {
    if (lower.test(rule)) return to > from ? "tightened" : "loosened";
    if (upper.test(rule)) return to < from ? "tightened" : "loosened";
  }
  return "changed";
}

/** A number, or a 64-bit integer, which JSON writes as a string. */
function toNumber(json: string): number | undefined {
  const number = Number(json.replaceAll('"', ""));
  return json === '""' || Number.isNaN(number) ? undefined : number;
}
