import type { Comment } from "../syntax/index.js";
import type { Edit, Layout } from "./layout.js";

/** Removes fields of a literal that follow one another in a line. Their comments stay. */
export function removeFields(layout: Layout, start: number, end: number): Edit {
  const { text, lineBreak } = layout;
  const comments = layout.commentsIn(start, end);
  if (comments.length > 0) {
    const indent = `${lineBreak}${layout.indentOf(start)}`;
    const kept = comments.map((comment) => layout.textOf(comment)).join(indent);
    return { start, end, text: layout.isLast(end) || comments.at(-1)?.isLine === false ? kept : `${kept}${indent}` };
  }
  const [isFirst, isLast] = [layout.isFirst(start), layout.isLast(end)];
  if (isFirst && isLast) return { start: layout.lineStart(start), end: layout.nextLine(end), text: "" };
  const isOpening = text[layout.skipBack(start) - 1] === "{";
  if (isFirst || (isOpening && !isLast)) return { start, end: layout.skipSpaces(end), text: "" };
  return { start: layout.skipBack(start), end, text: "" };
}

/**
 * Removes a statement. Its comments stay, between blank lines: otherwise they would become the documentation of what precedes or
 * follows.
 */
export function removeStatement(layout: Layout, start: number, end: number): readonly Edit[] {
  const { text, lineBreak } = layout;
  if (!layout.isFirst(start) || !layout.isLastCode(end)) return [removeInline(layout, start, end)];
  const from = layout.lineStart(start);
  const to = layout.nextLine(end);
  const next = text.slice(to, layout.lineEnd(to)).trim();
  const hasNext = next !== "" && !next.startsWith("}");
  const comments = layout.commentsIn(start, to);
  const last = comments.at(-1);
  // A block comment behind the statement documents what follows in the next line.
  const isForNext = hasNext && !/^\/[/*]/.test(next) && last !== undefined && last.start >= end && !last.isLine;
  const print = (some: readonly Comment[]): string =>
    some.map((comment) => `${layout.indentOf(start)}${layout.textOf(comment)}${lineBreak}`).join("");
  const detached = print(isForNext ? comments.slice(0, -1) : comments);
  const documentation = print(isForNext ? [last] : []);
  const attached = layout.attachedAbove(from);
  if (detached === "" && attached === undefined) {
    const isDropped = documentation === "" && dropsBlankLine(layout, from, to);
    const gap = needsBlankLine(layout, from, to) ? lineBreak : "";
    return [{ start: from, end: isDropped ? layout.nextLine(to) : to, text: gap + documentation }];
  }
  const first = attached ?? from;
  const before = first > 0 && !layout.isBlankLine(layout.lineStart(first - 1)) ? lineBreak : "";
  const rest = `${detached}${hasNext ? lineBreak : ""}${documentation}`;
  if (attached === undefined) return [{ start: from, end: to, text: before + rest }];
  return [
    { start: attached, end: attached, text: before },
    { start: from, end: to, text: rest },
  ];
}

/** Removes a statement that shares its lines with others. */
function removeInline(layout: Layout, start: number, end: number): Edit {
  const { lineBreak } = layout;
  const comments = layout.commentsIn(start, end);
  if (comments.length === 0) return removeFields(layout, start, end);
  const line = `${lineBreak}${layout.indentOf(start)}${layout.isFirst(start) ? "" : "  "}`;
  const kept = comments.map((comment) => `${line}${layout.textOf(comment)}`).join("");
  return { start: layout.skipBack(start), end: layout.skipSpaces(end), text: `${lineBreak}${kept}${lineBreak}${line}` };
}

/** Whether a comment below a removed statement, which belongs to no element, would come to document what is above. */
function needsBlankLine(layout: Layout, from: number, to: number): boolean {
  if (from === 0 || layout.isBlankLine(layout.lineStart(from - 1))) return false;
  const below = layout.commentsBelow(to);
  return below !== to && (layout.isBlankLine(below) || layout.text.slice(below).trimStart().startsWith("}"));
}

/** Whether a blank line below a removed statement would be one too many. */
function dropsBlankLine(layout: Layout, from: number, to: number): boolean {
  const { text } = layout;
  if (from === 0 || !layout.isBlankLine(to)) return false;
  const above = text.slice(layout.lineStart(from - 1), from).trim();
  if (above === "") return true;
  if (!above.endsWith("{")) return false;
  // A comment that is followed by a blank line would come to document the block.
  const at = layout.nextLine(to);
  const below = layout.commentsBelow(at);
  return below === at || !layout.isBlankLine(below);
}
