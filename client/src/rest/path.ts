import { PotterClientError } from "../errors/index.js";
import type { Fields } from "./fields.js";
import { takeField } from "./fields.js";

const variable = /\{([^={}]+)(?:=([^{}]*))?\}/g;

/**
 * Fills the variables of a path template with fields of the request, and removes these from it. Throws `invalid_argument` for a
 * value with which the path would be another: one that is empty, that does not match the segments of its variable, or that has
 * `.` or `..` as a segment, which URLs resolve, even if they are encoded.
 */
export function fillPath(template: string, fields: Fields): string {
  return template.replaceAll(variable, (_, field: string, segments = "*") => {
    const value = takeField(fields, field);
    const text = value === undefined || value === null ? "" : String(value);
    const parts = segments === "*" ? [text] : text.split("/");
    if (text === "" || !matches(parts, segments.split("/"))) {
      const expected = segments === "*" || segments === "**" ? "" : `, and must match ${segments}`;
      const message = `${field} must not be empty, nor have the segments . or ..${expected}: it is part of the path`;
      throw new PotterClientError("invalid_argument", message);
    }
    return parts.map(encodeURIComponent).join("/");
  });
}

/** Whether a value fits a pattern like `shelves/*` or `files/**`, both in segments. */
function matches(parts: readonly string[], pattern: readonly string[]): boolean {
  if (parts.includes(".") || parts.includes("..")) return false;
  const isOpen = pattern.at(-1) === "**";
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  if (isOpen ? parts.length < fixed.length : parts.length !== fixed.length) return false;
  return fixed.every((segment, index) => (segment === "*" ? parts[index] !== "" : parts[index] === segment));
}
