import type { Cursor } from "./cursor.js";
import { UnreadableText } from "./tokens.js";

/** A field in the text format, as values of options contain it: `name: value`. */
export interface LiteralField {
  readonly name: string;
  readonly start: number;
  /** Behind the name. */
  readonly nameEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Behind a separator, or else behind the value. */
  readonly end: number;
}

/** A message in the text format, with its braces. */
export interface LiteralMessage {
  readonly start: number;
  readonly end: number;
  readonly fields: readonly LiteralField[];
}

/** Parses a message at its opening brace. */
export function parseLiteral(cursor: Cursor): LiteralMessage {
  const { start } = cursor.expect("{");
  const fields: LiteralField[] = [];
  while (!cursor.sees("}")) fields.push(parseField(cursor));
  return { start, end: cursor.next().end, fields };
}

function parseField(cursor: Cursor): LiteralField {
  const name = cursor.word();
  if (cursor.sees(":")) cursor.next();
  const valueStart = cursor.peek()?.start ?? name.end;
  const valueEnd = skipValue(cursor);
  const end = cursor.sees(",", ";") ? cursor.next().end : valueEnd;
  return { name: name.text, start: name.start, nameEnd: name.end, valueStart, valueEnd, end };
}

function skipValue(cursor: Cursor): number {
  if (cursor.sees("{", "[")) return cursor.skipPair().end;
  if (cursor.sees("-")) cursor.next();
  let token = cursor.next();
  if (token.kind === "symbol") throw new UnreadableText(`expected a value, found ${token.text}`, token.start);
  // Strings that follow each other are one value.
  while (token.kind === "string" && cursor.peek()?.kind === "string") token = cursor.next();
  return token.end;
}
