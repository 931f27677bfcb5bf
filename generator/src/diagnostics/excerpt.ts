import type { Location } from "./diagnostic.js";

const encoder = new TextEncoder();

/** A line of a source file and the marked part of it. */
export interface Excerpt {
  /** The number of the line, from 1. */
  readonly line: number;
  /** The first marked character, from 1. */
  readonly column: number;
  /** The number of marked characters. */
  readonly width: number;
  /** The whole line. */
  readonly text: string;
}

/**
 * Returns the first line of a location. With a focus, returns the first line within the location that contains the word, as a
 * value of the key if one is given.
 */
export function findExcerpt(
  source: string,
  location: Location,
  focus: string | undefined,
  key?: string,
): Excerpt | undefined {
  const lines = source.split(/\r?\n/);
  const first = lines[location.line - 1];
  if (first === undefined) return undefined;
  const [start, end] = columnsIn(first, location);
  let before = "";
  for (let at = location.line; focus !== undefined && at <= location.endLine; at++) {
    const text = lines[at - 1] ?? "";
    const from = at === location.line ? start : 0;
    for (let found = findWord(text, focus, from); found !== undefined; found = findWord(text, focus, found[0] + 1)) {
      const [column, width] = found;
      if (key !== undefined && keyAtEnd(before + text.slice(from, column)) !== key) continue;
      return { line: at, column: column + 1, width, text };
    }
    before += `${text.slice(from)}\n`;
  }
  // The key may be written in an unforeseen way, so search without it.
  if (key !== undefined) return findExcerpt(source, location, focus);
  return { line: location.line, column: start + 1, width: Math.max(end - start, 1), text: first };
}

/** Prints the line and its underline. The underline repeats the tabs of the line, so that it aligns at any tab width. */
export function printExcerpt({ text, column, width }: Excerpt): readonly string[] {
  const trimmed = text.trimStart();
  const before = trimmed.slice(0, Math.max(column - 1 - (text.length - trimmed.length), 0));
  return [trimmed, before.replace(/[^\t]/g, " ") + "^".repeat(width)];
}

/** Returns the field whose value follows in the text of an option: `emits` for `{creates: true emits: [`. */
function keyAtEnd(text: string): string | undefined {
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\*[\s\S]*?\*\/|(?:\/\/|#).*/g, '""');
  return [...plain.matchAll(/([A-Za-z_]\w*)\s*[:=[{]/g)].at(-1)?.[1];
}

/** Finds a whole word; a quoted word is found with single and double quotes. */
function findWord(text: string, word: string, from: number): readonly [number, number] | undefined {
  const spellings = /^".*"$/.test(word) ? [word, `'${word.slice(1, -1)}'`] : [word];
  for (const spelling of spellings) {
    const before = /^\w/.test(spelling) ? "(?<!\\w)" : "";
    const after = /\w$/.test(spelling) ? "(?!\\w)" : "";
    const pattern = new RegExp(before + spelling.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&") + after, "g");
    pattern.lastIndex = from;
    const found = pattern.exec(text);
    if (found !== null) return [found.index, spelling.length];
  }
  return undefined;
}

/**
 * Returns start and end of a location in its first line, in characters from 0. Compilers count columns differently, and a request
 * does not say how; but a location starts and ends at token boundaries, so the first interpretation that does so is correct.
 */
function columnsIn(text: string, { line, column, endLine, endColumn }: Location): readonly [number, number] {
  const reported = endLine === line ? [column - 1, endColumn - 1] : [column - 1];
  const widths = /^[ -~]*$/.test(text) ? [] : [inTerminal, inBytes];
  const candidates = widths.map((width) => reported.map((at) => findCharacter(text, at, width)));
  const [start = 0, end = start + 1] = candidates.find((candidate) => isTokenRange(text, candidate)) ?? reported;
  return [start, end];
}

type Width = (grapheme: string, column: number) => number;

const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/u;

/** buf counts terminal columns, with a tab stop every four columns. */
const inTerminal: Width = (grapheme, column) => (grapheme === "\t" ? 4 - (column % 4) : wide.test(grapheme) ? 2 : 1);

/** protoc counts bytes, with a tab stop every eight columns. */
const inBytes: Width = (grapheme, column) => (grapheme === "\t" ? 8 - (column % 8) : encoder.encode(grapheme).length);

/** Returns the index of the character that starts at a column; -1 if none does. */
function findCharacter(text: string, wanted: number, width: Width): number {
  let column = 0;
  for (const { segment, index } of new Intl.Segmenter().segment(text)) {
    if (column >= wanted) return column === wanted ? index : -1;
    column += width(segment, column);
  }
  return column === wanted ? text.length : -1;
}

function isTokenRange(text: string, [start = -1, end]: readonly number[]): boolean {
  const startsToken = /^[\w(.]/.test(text.slice(start)) && !cutsWord(text, start);
  return start >= 0 && startsToken && (end === undefined || (/\S$/.test(text.slice(0, end)) && !cutsWord(text, end)));
}

function cutsWord(text: string, at: number): boolean {
  return at > text.length || /^\w\w$/.test(text.slice(Math.max(at - 1, 0), at + 1));
}
