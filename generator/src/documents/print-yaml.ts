/**
 * Prints plain data as YAML 1.2 in block style. Strings are plain if no parser can misread them, literal blocks if
 * they have several lines, and quoted otherwise. Undefined values are omitted, as in JSON.
 */
export function printYaml(data: unknown): string {
  const lines: string[] = [];
  if (isFull(data)) printBlock(data, "", lines);
  else lines.push(printScalar(data, ""));
  return `${lines.join("\n")}\n`;
}

function isFull(data: unknown): data is object {
  return typeof data === "object" && data !== null && Object.keys(data).length > 0;
}

/** Appends the lines of a list or mapping. `first`: the start of its first line, in place of the indent. */
function printBlock(data: object, indent: string, lines: string[], first: string = indent): void {
  let start = first;
  if (Array.isArray(data)) {
    for (const item of data) {
      if (isFull(item)) printBlock(item, `${indent}  `, lines, `${start}- `);
      else lines.push(`${start}- ${printScalar(item, indent)}`);
      start = indent;
    }
    return;
  }
  for (const [key, value] of Object.entries(data) as [string, unknown][]) {
    if (value === undefined) continue;
    const name = `${start}${printText(key)}:`;
    start = indent;
    if (isFull(value)) {
      lines.push(name);
      if (indent.length === keptIndent) lines.push(printKept(value, `${indent}  `));
      else printBlock(value, `${indent}  `, lines);
    } else {
      lines.push(`${name} ${printScalar(value, indent)}`);
    }
  }
}

/** The indent of the names of components: `components`, `schemas`, the name. */
const keptIndent = 4;

const kept = new WeakMap<object, string>();

/** The text of a component. A component that is the same object as in an earlier document has the same text. */
function printKept(value: object, indent: string): string {
  let text = kept.get(value);
  if (text === undefined) {
    const lines: string[] = [];
    printBlock(value, indent, lines);
    text = lines.join("\n");
    kept.set(value, text);
  }
  return text;
}

function printScalar(value: unknown, indent: string): string {
  if (typeof value === "string") return isLiteral(value) ? printLiteral(value, indent) : printText(value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "[]" : "{}";
  return JSON.stringify(value) ?? "null";
}

/** Words that YAML 1.1 parsers read as booleans or null. */
const words: ReadonlySet<string> = new Set(["true", "false", "yes", "no", "on", "off", "y", "n", "null"]);

/** Plain scalars: no indicator at the start, and neither `: ` nor ` #` within. Or version numbers. */
const plain = /^(?:[A-Za-z_/$^](?:[\w/.+*?!()<>=$^~`';,"&%@|[\]{}\\-]|:(?=\S)|(?<=\S)#| (?=[^\s#]))*|\d+\.\d+\.\d+)$/;

/** Characters that YAML can only escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const hidden = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]/;

/** Documents have the same words many times. */
const printed = new Map<string, string>();
const mostPrinted = 50_000;

function printText(text: string): string {
  let known = printed.get(text);
  if (known === undefined) {
    known = quoteIfNeeded(text);
    if (printed.size >= mostPrinted) printed.clear();
    printed.set(text, known);
  }
  return known;
}

function quoteIfNeeded(text: string): string {
  if (plain.test(text) && !text.endsWith(":") && !words.has(text.toLowerCase())) return text;
  return hidden.test(text) ? printEscaped(text) : `'${text.replaceAll("'", "''")}'`;
}

function printEscaped(text: string): string {
  const toEscape = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, toEscape);
}

/** Whether a string can be a literal block: it has several lines, and no whitespace at an edge that would be lost. */
function isLiteral(text: string): boolean {
  return text.includes("\n") && !/^\s|\s$/.test(text) && !hidden.test(text.replaceAll("\n", ""));
}

function printLiteral(text: string, indent: string): string {
  return `|-\n${text.replace(/^(?=.)/gm, `${indent}  `)}`;
}
