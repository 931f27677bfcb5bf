import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq, parse, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";

/**
 * Appends an entry to the list under a key of a YAML text, in the indentation of the list. Nothing else changes. Returns undefined if
 * there is no such list in block style, or if the text would then not mean the same and the entry.
 */
export function appendToList(text: string, key: string, entry: string): string | undefined {
  const list = findList(text, key);
  const [first] = list?.items ?? [];
  if (list === undefined || first === undefined) return undefined;
  const indent = indentOf(text, startOf(first), "-");
  if (indent === undefined) return undefined;
  const lines = entry.split("\n").map((line) => `${indent}${line}`);
  const next = insertLines(text, endOf(list.items.at(-1)), lines);
  const expected = parse(text) as Record<string, unknown>;
  const items = [...(expected[key] as readonly unknown[]), ...(parse(entry) as readonly unknown[])];
  return means(next, { ...expected, [key]: items }) ? next : undefined;
}

/** Adds a key to an entry of a list, below its last key. Returns undefined if that is not possible without other changes. */
export function addToEntry(text: string, key: string, at: number, name: string, value: string): string | undefined {
  const entry = findList(text, key)?.items[at];
  if (!isMap(entry) || entry.flow === true) return undefined;
  const start = startOf(entry);
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const next = insertLines(text, endOf(entry), [`${" ".repeat(start - lineStart)}${name}: ${value}`]);
  const expected = parse(text) as Record<string, unknown>;
  const items = (expected[key] as readonly object[]).map((item, index) =>
    index === at ? { ...item, [name]: parse(value) as unknown } : item,
  );
  return means(next, { ...expected, [key]: items }) ? next : undefined;
}

/** Adds keys with their values to the end of a YAML text whose root is a mapping in block style. */
export function appendToRoot(text: string, lines: string): string | undefined {
  const { contents } = parseDocument(text);
  if (!isMap(contents) || contents.flow === true) return undefined;
  const next = insertLines(text, endOf(contents), lines.split("\n"));
  return means(next, { ...(parse(text) as object), ...(parse(lines) as object) }) ? next : undefined;
}

function findList(text: string, key: string): YAMLSeq | undefined {
  const { contents } = parseDocument(text);
  const list = isMap(contents) ? contents.get(key, true) : undefined;
  return isSeq(list) && list.flow !== true ? list : undefined;
}

/** Whether a text is valid and means a value, which only contains what JSON can say. */
function means(text: string, value: unknown): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), value);
}

function startOf(node: unknown): number {
  return (node as { range?: readonly number[] | null }).range?.[0] ?? 0;
}

/** Where the text of a node ends, without the comments and empty lines below it. */
function endOf(node: unknown): number {
  const last = isBlock(node) ? node.items.at(-1) : undefined;
  if (last === undefined) return (node as { range?: readonly number[] | null } | null)?.range?.[1] ?? 0;
  if (!("value" in (last as object)) || isScalar(last)) return endOf(last);
  const pair = last as { key: unknown; value: unknown };
  return pair.value === null || pair.value === undefined ? endOf(pair.key) : endOf(pair.value);
}

function isBlock(node: unknown): node is YAMLMap | YAMLSeq {
  return (isMap(node) || isSeq(node)) && node.flow !== true;
}

/** The white space before the sign that begins an entry; undefined if there is something else. */
function indentOf(text: string, start: number, sign: string): string | undefined {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const [, indent] = new RegExp(`^( *)${sign} +$`).exec(text.slice(lineStart, start)) ?? [];
  return indent;
}

/** Inserts lines below the line in which a position is. */
function insertLines(text: string, position: number, lines: readonly string[]): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const isAtStart = position > 0 && text[position - 1] === "\n";
  const lineEnd = isAtStart ? position - 1 : text.indexOf("\n", position);
  if (lineEnd === -1) return `${text}${eol}${lines.join(eol)}${eol}`;
  return `${text.slice(0, lineEnd + 1)}${lines.join(eol)}${eol}${text.slice(lineEnd + 1)}`;
}
