import type { oas32 } from "openapi3-ts";
import type { Header } from "../../../model/index.js";

/** A header that the contract adds, as an answer has it; a parameter has a name and a place besides. */
export function toHeaderObject({
  description,
  required,
  example,
  type = "string",
  format,
}: Header): oas32.HeaderObject {
  return {
    ...(description !== undefined && { description }),
    ...(required === true && { required }),
    ...(example !== undefined && { example }),
    schema: { type, ...(format !== undefined && { format }) },
  };
}
