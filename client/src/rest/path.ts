import { PotterClientError } from "../errors/index.js";
import type { Fields } from "./fields.js";
import { takeField } from "./fields.js";

const variable = /\{([^={}]+)(?:=([^{}]*))?\}/g;

/**
 * Fills the variables of a path template with fields of the request, and removes these from it. Throws `invalid_argument` if one
 * is empty, since the path would be another.
 */
export function fillPath(template: string, fields: Fields): string {
  return template.replaceAll(variable, (_, field: string, segments = "*") => {
    const value = takeField(fields, field);
    const text = value === undefined || value === null ? "" : String(value);
    if (text === "")
      throw new PotterClientError("invalid_argument", `${field} must not be empty: it is part of the path`);
    const several = segments.includes("/") || segments === "**";
    return several ? text.split("/").map(encodeURIComponent).join("/") : encodeURIComponent(text);
  });
}
