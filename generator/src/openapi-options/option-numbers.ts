import * as potter from "../gen/potter/v1/openapi_pb.js";

/** The extension numbers, with which diagnostics point at an option. */
export const optionNumbers = {
  document: potter.openapi_document.number,
  service: potter.openapi_service.number,
  operation: potter.openapi_operation.number,
  schema: potter.openapi_schema.number,
  enum: potter.openapi_enum.number,
  field: potter.openapi_field.number,
} as const;
