import { PotterError } from "../../../errors/index.js";

/** One line of a file, without its line break, and its number, from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** No event is this long. The limit keeps a file without line breaks, which is not an export, from filling the memory. */
const maxLineLength = 256 << 20;

/** Splits UTF-8 text that arrives in chunks into lines. Empty lines are left out, but counted. */
export async function* readLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Line, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let parts: string[] = [];
  let length = 0;
  let number = 0;
  const decode = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch {
      throw new PotterError("invalid_argument", `line ${number + 1} is not UTF-8 text: is this an export file?`);
    }
  };
  for await (const piece of pieces) {
    const text = decode(piece);
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      parts.push(text.slice(start, end));
      const line = parts.join("").replace(/\r$/, "");
      parts = [];
      length = 0;
      start = end + 1;
      number++;
      if (line.trim() !== "") yield { number, text: line };
    }
    parts.push(text.slice(start));
    length += text.length - start;
    if (length > maxLineLength)
      throw new PotterError("invalid_argument", `line ${number + 1} has no end: is this an export file?`);
  }
  const last = parts.join("") + decode();
  if (last.trim() !== "") yield { number: number + 1, text: last };
}
