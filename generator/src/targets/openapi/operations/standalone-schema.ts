import type { DescField } from "@bufbuild/protobuf";
import { fieldSchema, type References, type Schema } from "../../../json-schema/index.js";

/** The schema of a field that is the whole body, without annotations that describe it as a part of its message. */
export function standaloneSchema(field: DescField, references: References): Schema {
  const {
    description: _description,
    readOnly: _readOnly,
    writeOnly: _writeOnly,
    deprecated: _deprecated,
    ...schema
  } = fieldSchema(field, references).schema;
  return schema;
}
