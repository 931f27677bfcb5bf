import { isDeepStrictEqual } from "node:util";
import { isMap, parseDocument, type YAMLMap } from "yaml";

type Entries = Readonly<Record<string, unknown>>;

/**
 * Adds properties to an object in the root of a JSON text, or to the root with key undefined, behind those that are there, in the
 * indentation of the text. Nothing else changes. Returns undefined for a text that is not a JSON object.
 */
export function addToObject(text: string, key: string | undefined, entries: Entries): string | undefined {
  if (Object.keys(entries).length === 0) return text;
  const before = parseObject(text);
  if (before === undefined) return undefined;
  const there = key === undefined ? before : before[key];
  if (key !== undefined && there === undefined) return addToObject(text, undefined, { [key]: entries });
  if (typeof there !== "object" || there === null || Array.isArray(there)) return undefined;
  const expected = key === undefined ? { ...before, ...entries } : { ...before, [key]: { ...there, ...entries } };
  const next = insert(text, key, entries);
  return next !== undefined && isDeepStrictEqual(parseObject(next), expected) ? next : undefined;
}

function insert(text: string, key: string | undefined, entries: Entries): string | undefined {
  // JSON is YAML, whose parser says where each value is. A byte order mark is none of it.
  const mark = text.startsWith("\uFEFF") ? 1 : 0;
  const root = parseDocument(text.slice(mark)).contents;
  const target = key === undefined ? root : isMap(root) ? root.get(key, true) : undefined;
  if (!isMap(target)) return undefined;
  const unit = indentationOf(text);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const outer = key === undefined ? "" : unit;
  const printed = Object.entries(entries).map(([name, value]) => {
    const lines = JSON.stringify(value, undefined, unit).split("\n");
    return `${outer}${unit}${JSON.stringify(name)}: ${lines.join(`${eol}${outer}${unit}`)}`;
  });
  const body = printed.join(`,${eol}`);
  const last = lastEnd(target);
  if (last === undefined) {
    const [start = 0, end = 0] = target.range ?? [];
    return `${text.slice(0, mark + start)}{${eol}${body}${eol}${outer}}${text.slice(mark + end)}`;
  }
  return `${text.slice(0, mark + last)},${eol}${body}${text.slice(mark + last)}`;
}

/** Where the value of the last property of an object ends; undefined if it has none. */
function lastEnd({ items }: YAMLMap): number | undefined {
  const value = items.at(-1)?.value;
  if (value === undefined || value === null) return undefined;
  return (value as { range?: readonly number[] | null }).range?.[1];
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The white space before the first property. */
function indentationOf(text: string): string {
  return /^\uFEFF?\s*\{\r?\n([ \t]+)/.exec(text)?.[1] ?? "  ";
}
