import type { JsonValue } from "@bufbuild/protobuf";
import { HttpError } from "../../http/index.js";

/**
 * Reads a body as JSON; `undefined`: it is empty. More strictly than `JSON.parse`: nesting is limited before
 * anything is built, and no object may hold a key twice, since two readers would disagree on which of them counts (RFC 8259, section 4).
 */
export function readJsonText(text: string, depth: number): JsonValue | undefined {
  const members = countMembers(text, depth);
  let json: JsonValue;
  try {
    json = JSON.parse(text) as JsonValue;
  } catch {
    if (/^\s*$/.test(text)) return undefined;
    throw new HttpError(400, "invalid_argument", "the body is not valid JSON");
  }
  if (members !== countKeys(json)) {
    throw new HttpError(400, "invalid_argument", "an object of the body holds a key more than once");
  }
  return json;
}

const quote = 0x22;
const backslash = 0x5c;

/** How many members the objects of a JSON text have as written. Of a malformed text, any number. */
function countMembers(text: string, limit: number): number {
  let members = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case quote:
        i = findEnd(text, i);
        break;
      case 0x3a:
        members++;
        break;
      case 0x5b:
      case 0x7b:
        if (++depth > limit)
          throw new HttpError(400, "invalid_argument", `the body is nested more than ${limit} levels deep`);
        break;
      case 0x5d:
      case 0x7d:
        depth--;
        break;
    }
  }
  return members;
}

/** Where the string that begins at a quote ends; of one without an end, the end of the text. */
function findEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === backslash) before--;
  return (at - before) % 2 === 0;
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
