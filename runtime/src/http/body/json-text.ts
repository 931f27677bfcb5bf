import type { JsonValue } from "@bufbuild/protobuf";
import { findStringEnd, parseExactJson } from "../../message/index.js";
import { HttpError } from "../errors/http-error.js";

/**
 * Reads a body, or what else is JSON; `undefined`: it is empty. Whole numbers that a JavaScript number would round are `ExactNumber`s, unless
 * another `parse` is given.
 * More strictly than `JSON.parse`: nesting is limited before
 * anything is built, and no object may hold a key twice, since two readers would disagree on which of them counts (RFC 8259, section 4).
 */
export function readJsonText(
  text: string,
  depth: number,
  what = "the body",
  parse: (text: string) => JsonValue = parseExactJson,
): JsonValue | undefined {
  const members = countMembers(text, depth, what);
  let json: JsonValue;
  try {
    json = parse(text);
  } catch {
    if (/^\s*$/.test(text)) return undefined;
    throw new HttpError(400, "invalid_argument", `${what} is not valid JSON`);
  }
  if (members !== countKeys(json)) {
    throw new HttpError(400, "invalid_argument", `an object of ${what} holds a key more than once`);
  }
  return json;
}

const quote = 0x22;

/** How many members the objects of a JSON text have as written. Of a malformed text, any number. */
function countMembers(text: string, limit: number, what: string): number {
  let members = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
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
  return members;
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
