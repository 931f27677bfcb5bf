import type { JsonValue } from "@bufbuild/protobuf";
import { findStringEnd, parseExactJson } from "../../message/index.js";
import { HttpError } from "../errors/index.js";
import { findJsonError } from "./json-syntax.js";

/**
 * Reads a body or another JSON text; returns undefined for an empty one. Stricter than `JSON.parse`: the nesting is limited before
 * anything is built, and a duplicate key in an object is an error, because two readers would disagree on which one counts
 * (RFC 8259, section 4). By default, integers that a JavaScript number would round become `ExactNumber`s. Throws an
 * HttpError 400 that names `what`.
 */
export function readJsonText(
  text: string,
  depth: number,
  what = "the body",
  parse: (text: string) => JsonValue = parseExactJson,
): JsonValue | undefined {
  const { members, mayRound } = scan(text, depth, what);
  let json: JsonValue;
  try {
    json = mayRound ? parse(text) : (JSON.parse(text) as JsonValue);
  } catch {
    if (/^\s*$/.test(text)) return undefined;
    const { line, column } = findJsonError(text) ?? { line: 1, column: 1 };
    const message = `${what} is not valid JSON: syntax error at line ${line}, column ${column}`;
    throw new HttpError(400, "invalid_argument", message);
  }
  if (members !== countKeys(json)) {
    throw new HttpError(400, "invalid_argument", `an object of ${what} has a duplicate key`);
  }
  return json;
}

const quote = 0x22;
const dot = 0x2e;

/**
 * Counts the members of all objects of a JSON text, duplicates included, and finds out whether a number may be rounded: it has
 * 16 digits, or nine before an exponent. What it returns for an invalid text has no meaning.
 */
function scan(text: string, limit: number, what: string): { readonly members: number; readonly mayRound: boolean } {
  let members = 0;
  let depth = 0;
  let digits = 0;
  let mayRound = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code >= 0x30 && code <= 0x39) || code === dot) {
      if (++digits === 16) mayRound = true;
      continue;
    }
    // e or E
    if (digits >= 9 && (code | 0x20) === 0x65) mayRound = true;
    digits = 0;
    switch (code) {
      case quote:
        i = findStringEnd(text, i);
        break;
      case 0x3a:
        members++;
        break;
      case 0x5b:
      case 0x7b:
        if (++depth > limit)
          throw new HttpError(400, "invalid_argument", `${what} is nested more than ${limit} levels deep`);
        break;
      case 0x5d:
      case 0x7d:
        depth--;
        break;
    }
  }
  return { members, mayRound };
}

function countKeys(json: JsonValue): number {
  if (typeof json !== "object" || json === null) return 0;
  let keys = 0;
  if (Array.isArray(json)) {
    for (const item of json) if (typeof item === "object") keys += countKeys(item);
    return keys;
  }
  for (const key of Object.keys(json)) {
    keys++;
    const value = json[key];
    if (typeof value === "object") keys += countKeys(value);
  }
  return keys;
}
