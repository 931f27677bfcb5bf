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
  const members = countMembers(text, depth, what);
  let json: JsonValue;
  try {
    json = parse(text);
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

/** Counts the members of all objects of a JSON text, duplicates included. The count of an invalid text has no meaning. */
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
