import type { oas32 } from "openapi3-ts";
import type { OpenApiHeader } from "../../../model/index.js";

/** A header from the options, as a response declares it. A parameter has a name and a location in addition. */
export function toHeaderObject({
  description,
  required,
  example,
  type = "string",
  format,
}: OpenApiHeader): oas32.HeaderObject {
  return {
    ...(description !== undefined && { description }),
    ...(required === true && { required }),
    ...(example !== undefined && { example }),
    schema: { type, ...(format !== undefined && { format }) },
  };
}
