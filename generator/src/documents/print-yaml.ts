/**
 * Plain data as YAML 1.2, in blocks: texts stand plain where nobody could take them for something else, over several
 * lines where they have several, and quoted otherwise. What is undefined is left out, as in JSON.
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

/** Adds the lines of a list or mapping. `first`: what its first line begins with instead of the indent. */
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
      printBlock(value, `${indent}  `, lines);
    } else {
      lines.push(`${name} ${printScalar(value, indent)}`);
    }
  }
}

function printScalar(value: unknown, indent: string): string {
  if (typeof value === "string") return isLiteral(value) ? printLiteral(value, indent) : printText(value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "[]" : "{}";
  return JSON.stringify(value) ?? "null";
}

/** Words that some reader of YAML 1.1 takes for a truth value or for nothing. */
const words: ReadonlySet<string> = new Set(["true", "false", "yes", "no", "on", "off", "y", "n", "null"]);

/** Begins with what begins nothing else, and holds nothing that ends a plain text: neither `: ` nor ` #`. Or a version. */
const plain = /^(?:[A-Za-z_/$^](?:[\w/.+*?!()<>=$^~`';,"&%@|[\]{}\\-]|:(?=\S)|(?<=\S)#| (?=[^\s#]))*|\d+\.\d+\.\d+)$/;

/** Characters that YAML shows only by escapes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const hidden = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]/;

function printText(text: string): string {
  if (plain.test(text) && !text.endsWith(":") && !words.has(text.toLowerCase())) return text;
  return hidden.test(text) ? printEscaped(text) : `'${text.replaceAll("'", "''")}'`;
}

function printEscaped(text: string): string {
  const toEscape = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, toEscape);
}

/** Whether a text of several lines can stand as it is: not where spaces at an edge would count or be lost. */
function isLiteral(text: string): boolean {
  return text.includes("\n") && !/^\s|\s$/.test(text) && !hidden.test(text.replaceAll("\n", ""));
}

function printLiteral(text: string, indent: string): string {
  return `|-\n${text.replace(/^(?=.)/gm, `${indent}  `)}`;
}
