import type { Node, ObjectLiteralExpression } from "ts-morph";

/** Where new properties go in an object literal, and how the literal is laid out. All offsets are of the whole text. */
export interface Layout {
  /** Where a comma is missing after the last property. undefined: there is one, or no property. */
  readonly comma: number | undefined;
  /** Where the new properties go. */
  readonly at: number;
  /** On lines of their own before the line of the brace, on lines of their own and the brace after them, or all on one line. */
  readonly shape: "lines" | "lines-then-brace" | "inline";
  /** White space before a property. */
  readonly indent: string;
  /** White space before the line of the opening brace. */
  readonly base: string;
  /** What one level of indentation adds. undefined: this literal does not show it. */
  readonly unit: string | undefined;
  /** Whether the last property has a comma. undefined: there is no property. */
  readonly trailingComma: boolean | undefined;
  /** The line ending of this place. */
  readonly eol: string;
}

/** Reads the layout of an object literal from its text. */
export function readLayout(literal: ObjectLiteralExpression, fallbackUnit: string): Layout {
  const text = literal.getSourceFile().getFullText();
  const open = literal.getStart();
  const close = literal.getEnd() - 1;
  const last = literal.getProperties().at(-1);
  // Not from the children: ts-morph puts comments among them, also behind the last comma (dsherret/ts-morph#1570).
  const trailingComma = last && literal.compilerNode.properties.hasTrailingComma === true;
  const comma = last !== undefined && trailingComma === false ? last.getEnd() : undefined;
  const base = indentOfLine(text, open);
  const eol = lineEnding(text, close);
  const lineOfClose = lineStart(text, close);
  const isAlone = text.slice(lineOfClose, close).trim() === "";
  const own = last === undefined ? undefined : indentIfFirst(text, last);
  const unit = own?.startsWith(base) === true && own.length > base.length ? own.slice(base.length) : undefined;
  const indent = own ?? base + (unit ?? fallbackUnit);
  const shared = { comma, indent, base, unit, trailingComma, eol };
  if (isAlone && lineOfClose > open) return { ...shared, at: lineOfClose, shape: "lines" };
  const end = endOfContent(text, open, close);
  const isOneLine = lineStart(text, open) === lineOfClose;
  if (last !== undefined && isOneLine) return { ...shared, at: end, shape: "inline" };
  // An empty literal keeps its white space before what is new, so that the brace is at the start of its line.
  return { ...shared, at: last === undefined ? close : end, shape: "lines-then-brace" };
}

/** The offset after the last token or comment before the closing brace. */
function endOfContent(text: string, open: number, close: number): number {
  let end = close;
  while (end > open + 1 && /[ \t]/.test(text[end - 1] ?? "")) end -= 1;
  return end;
}

/** The white space before a property that is the first on its line. */
function indentIfFirst(text: string, property: Node): string | undefined {
  const start = property.getStart();
  const before = text.slice(lineStart(text, start), start);
  return before.trim() === "" ? before : undefined;
}

function indentOfLine(text: string, at: number): string {
  const start = lineStart(text, at);
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
}

function lineStart(text: string, at: number): number {
  if (at === 0) return 0;
  return Math.max(text.lastIndexOf("\n", at - 1), text.lastIndexOf("\r", at - 1)) + 1;
}

/** The line ending before an offset, otherwise the first of the text, otherwise `\n`. */
function lineEnding(text: string, at: number): string {
  const before = text
    .slice(0, at)
    .match(/\r\n|\n|\r/g)
    ?.at(-1);
  return before ?? /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
}
