import { mergeParts, type Schema } from "../keywords/index.js";
import type { Direction } from "../values/index.js";
import { checkValue, type Resolve } from "./check-value.js";
import { sampleText } from "./sample-text.js";

/** The maximum depth for optional parts, and for all parts. */
const [deepest, mostDepth] = [5, 40];
/** The maximum number of parts. Larger samples are retried with less depth. */
const mostParts = 1000;

/** What all parts of a sample share. */
interface Sampling {
  readonly direction: Direction;
  readonly resolve: Resolve;
  /** The maximum depth of optional parts. */
  readonly usualDepth: number;
  readonly parts: { left: number };
}

/** Generates a value that a schema accepts, with all fields where possible; undefined if none is found. */
export function sampleValue(schema: Schema, direction: Direction, resolve: Resolve): unknown {
  for (let depth = deepest; depth >= 0; depth--) {
    const sampling = { direction, resolve, usualDepth: depth, parts: { left: mostParts } };
    const value = sample(schema, sampling, 0);
    if (sampling.parts.left < 0) continue;
    return value !== undefined && checkValue(schema, value, resolve) === undefined ? value : undefined;
  }
  return undefined;
}

function sample(whole: Schema, sampling: Sampling, depth: number): unknown {
  const { resolve, parts } = sampling;
  if (--parts.left < 0) return undefined;
  const { examples, ...schema } = flatten(whole, resolve);
  const fits = (value: unknown) => value !== undefined && checkValue(schema, value, resolve) === undefined;
  const example = (examples as readonly unknown[] | undefined)?.find(fits);
  if (example !== undefined || depth > mostDepth) return example;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return sampleName(schema.enum.filter(fits));
  const { anyOf, ...rest } = schema;
  if (anyOf !== undefined && schema.properties === undefined) {
    const branches = (anyOf as readonly Schema[]).map((branch) =>
      sample(mergeParts(rest as Schema, [branch]), sampling, depth),
    );
    return branches.find(fits);
  }
  return sampleTyped(schema, sampling, depth, fits);
}

/** Merges a schema with its reference and its `allOf`. */
function flatten(schema: Schema, resolve: Resolve): Schema {
  const { $ref, allOf, ...rest } = schema;
  const target = $ref === undefined ? undefined : resolve($ref);
  const parts = [...(target === undefined ? [] : [flatten(target, resolve)]), ...((allOf ?? []) as readonly Schema[])];
  return parts.length === 0
    ? schema
    : mergeParts(
        rest as Schema,
        parts.map((part) => flatten(part, resolve)),
      );
}

function sampleName(names: readonly unknown[]): unknown {
  return names.find((name) => !/_UNSPECIFIED$/.test(String(name))) ?? names[0];
}

function sampleTyped(schema: Schema, sampling: Sampling, depth: number, fits: (value: unknown) => boolean): unknown {
  const { type } = schema;
  switch (Array.isArray(type) ? type[0] : type) {
    case "string":
      return textsOf(schema).find(fits);
    case "integer":
    case "number":
      return numbersOf(schema).find(fits);
    case "boolean":
      return [true, false].find(fits);
    case "array":
      return sampleArray(schema, sampling, depth, fits);
    case "object":
      return sampleObject(schema, sampling, depth);
    case "null":
      return null;
    default:
      return ["string", 0, null, {}].find(fits);
  }
}

/** A sample of each format. */
const formats: Readonly<Record<string, string>> = {
  "date-time": "2024-05-17T09:30:00Z",
  email: "ada@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com",
  "uri-reference": "/example",
  uuid: "3b241101-e2bb-4255-8caf-4136c566a962",
};

/** Samples for patterns: numbers, durations, networks, hosts with a port. */
const texts = ["2", "7", "100", "-1", "0", "1.5s", "192.0.2.0/24", "2001:db8::/32", "example.com:80"];

function textsOf({ format = "", pattern, minLength = 0, maxLength, contentEncoding }: Schema): string[] {
  const length = Math.min(Math.max(minLength, 6), maxLength ?? Number.POSITIVE_INFINITY);
  const plain = "string".padEnd(length, "string").slice(0, length);
  const matching = pattern === undefined ? undefined : sampleText(pattern);
  const known = [formats[format], ...(contentEncoding === "base64" ? ["c3RyaW5n"] : [])];
  const usual = pattern === undefined ? [plain] : ["1", "1s", plain, ...texts];
  return [...known, ...usual, matching, matching?.padEnd(minLength, matching || "a"), ""].filter(
    (text) => text !== undefined,
  );
}

function numbersOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Schema): number[] {
  const near = (bound: number | undefined, step: number) =>
    bound === undefined ? [] : [bound, Math.ceil(bound) + step, Math.floor(bound) + step, bound + step / 2];
  const [low, high] = [minimum ?? exclusiveMinimum, maximum ?? exclusiveMaximum];
  return [
    ...[1, 0, 2, 7, 100, 0.5],
    ...(low === undefined || high === undefined ? [] : [(low + high) / 2]),
    ...near(low, 1),
    ...near(high, -1),
    ...(multipleOf === undefined ? [] : [multipleOf, multipleOf * Math.ceil((minimum ?? 0) / multipleOf)]),
  ];
}

function sampleArray(schema: Schema, sampling: Sampling, depth: number, fits: (value: unknown) => boolean): unknown {
  const item = depth > sampling.usualDepth ? undefined : sample((schema.items ?? {}) as Schema, sampling, depth + 1);
  const least = schema.minItems ?? 0;
  const deep = item === undefined && least > 0 ? sample((schema.items ?? {}) as Schema, sampling, depth + 1) : item;
  const items = deep === undefined ? [] : Array.from({ length: Math.max(least, 1) }, () => deep);
  return [items, []].find(fits);
}

function sampleObject(schema: Schema, sampling: Sampling, depth: number): unknown {
  const { direction, resolve, usualDepth } = sampling;
  const { properties = {}, required = [], additionalProperties, propertyNames, minProperties = 0 } = schema;
  const excluded = direction === "input" ? "readOnly" : "writeOnly";
  const value: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(properties as Record<string, Schema | boolean>)) {
    const isRequired = required.includes(name);
    if (typeof one === "boolean" || (!isRequired && (one[excluded] === true || depth > usualDepth))) continue;
    const found = sample(one, sampling, depth + 1);
    if (found !== undefined) value[name] = found;
  }
  for (const members of choicesOf(schema)) {
    const chosen = members.find((name) => required.includes(name)) ?? members.find((name) => name in value);
    for (const name of members) if (name !== chosen) delete value[name];
  }
  if (typeof additionalProperties !== "object" || (depth > usualDepth && minProperties === 0)) return value;
  const entry = sample(additionalProperties as Schema, sampling, depth + 1);
  if (entry === undefined) return value;
  const keys = (propertyNames ?? {}) as Schema;
  const named = sample({ type: "string", ...keys }, sampling, depth + 1);
  const names = ["key", named, ...texts, "a", "b", "true", "false", `${named}2`, `${named}3`].filter(
    (name) => typeof name === "string" && checkValue(keys, name, resolve) === undefined,
  );
  const some = [...new Set(names as string[])].slice(0, Math.max(minProperties, 1));
  return { ...value, ...Object.fromEntries(some.map((name) => [name, entry])) };
}

/** The groups of fields of which at most one is set. */
function choicesOf({ oneOf, allOf }: Schema): string[][] {
  const groups = [oneOf, ...((allOf ?? []) as readonly Schema[]).map((part) => part.oneOf)];
  return groups.flatMap((group) =>
    group === undefined ? [] : [(group as readonly Schema[]).flatMap((branch) => branch.required ?? [])],
  );
}
