import * as potter from "../gen/potter/v1/openapi_pb.js";

/** Numbers of the extensions, to point at them. */
export const optionNumbers = {
  document: potter.openapi_document.number,
  service: potter.openapi_service.number,
  operation: potter.openapi_operation.number,
  schema: potter.openapi_schema.number,
  enum: potter.openapi_enum.number,
  field: potter.openapi_field.number,
} as const;
