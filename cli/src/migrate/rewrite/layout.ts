import type { Comment } from "../syntax/index.js";

/** A change of a text: what is between two offsets is replaced. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits, of which none overlaps another. Of several at the same place, insertions come first. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let result = "";
  let at = 0;
  for (const { start, end, text: replacement } of sorted) {
    if (start < at) throw new Error(`edits of a proto file overlap at offset ${start}`);
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}

/** The lines and comments of a text. */
export class Layout {
  readonly text: string;
  readonly lineBreak: string;
  private readonly comments: readonly Comment[];

  constructor(text: string, comments: readonly Comment[]) {
    this.text = text;
    this.comments = comments;
    this.lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  }

  /** The start of the line of an offset. */
  lineStart(at: number): number {
    return this.text.lastIndexOf("\n", at - 1) + 1;
  }

  /** The end of the line of an offset, before its line break. */
  lineEnd(at: number): number {
    const end = this.text.indexOf("\n", at);
    if (end === -1) return this.text.length;
    return this.text[end - 1] === "\r" && end > at ? end - 1 : end;
  }

  /** The start of the line behind that of an offset. */
  nextLine(at: number): number {
    const end = this.text.indexOf("\n", at);
    return end === -1 ? this.text.length : end + 1;
  }

  /** What a line begins with. */
  indentOf(at: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(at), at))?.[0] ?? "";
  }

  /** Whether nothing precedes an offset in its line. */
  isFirst(at: number): boolean {
    return this.text.slice(this.lineStart(at), at).trim() === "";
  }

  /** Whether nothing follows an offset in its line. */
  isLast(at: number): boolean {
    return this.text.slice(at, this.lineEnd(at)).trim() === "";
  }

  /** Whether nothing but comments follows an offset in its line, and these end there. */
  isLastCode(at: number): boolean {
    let from = at;
    const end = this.lineEnd(at);
    for (const comment of this.commentsIn(at, end)) {
      if (this.text.slice(from, comment.start).trim() !== "" || comment.end > end) return false;
      from = comment.end;
    }
    return this.text.slice(from, end).trim() === "";
  }

  /** The comments that begin between two offsets. */
  commentsIn(start: number, end: number): readonly Comment[] {
    return this.comments.filter((comment) => comment.start >= start && comment.start < end);
  }

  textOf({ start, end }: Comment): string {
    return this.text.slice(start, end);
  }

  /** The start of the line of the first comment of those that stand directly above a line; undefined: there is none. */
  attachedAbove(lineStart: number): number | undefined {
    let first: number | undefined;
    for (let at = lineStart; ; ) {
      const above = this.comments.find(
        ({ start, end }) => this.nextLine(end) === at && end < at && this.isFirst(start),
      );
      if (above === undefined || this.text.slice(above.end, at).trim() !== "") return first;
      at = this.lineStart(above.start);
      first = at;
    }
  }

  /** The start of the line below the comments that stand alone from the start of a line on. */
  commentsBelow(lineStart: number): number {
    let at = lineStart;
    for (;;) {
      const comment = this.comments.find(({ start }) => start >= at);
      if (comment === undefined || this.text.slice(at, comment.start).trim() !== "" || !this.isLast(comment.end))
        return at;
      if (this.lineStart(comment.start) !== at) return at;
      at = this.nextLine(comment.end);
    }
  }

  /** Whether a line is blank, by its start. The end of the text is no line. */
  isBlankLine(start: number): boolean {
    return start < this.text.length && this.text.slice(start, this.lineEnd(start)).trim() === "";
  }

  /** Skips spaces and tabs backwards. */
  skipBack(at: number): number {
    let from = at;
    while (/[ \t]/.test(this.text[from - 1] ?? "")) from -= 1;
    return from;
  }

  /** Skips spaces and tabs. */
  skipSpaces(at: number): number {
    let to = at;
    while (/[ \t]/.test(this.text[to] ?? "")) to += 1;
    return to;
  }
}
