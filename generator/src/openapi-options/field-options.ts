import type { DescField } from "@bufbuild/protobuf";
import { readOption } from "../descriptors/index.js";
import { FieldBehavior, field_behavior } from "../gen/google/api/field_behavior_pb.js";
import * as potter from "../gen/potter/v1/openapi_pb.js";
import { set } from "./set.js";

/** What a field says of itself. */
export interface FieldOptions {
  readonly description?: string;
  /** As JSON text. */
  readonly example?: string;
  readonly format?: string;
  readonly hidden?: boolean;
  /** google.api.field_behavior: callers must send it, must not send it, only send it. */
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
}

export function readFieldOptions(field: DescField): FieldOptions {
  const options = readOption(field, potter.openapi_field);
  const behaviors = readOption(field, field_behavior) as readonly FieldBehavior[] | undefined;
  if (options === undefined && behaviors === undefined) return {};
  const has = (behavior: FieldBehavior) => behaviors?.includes(behavior) || undefined;
  return set({
    description: options?.description,
    example: options?.example,
    format: options?.format,
    hidden: options?.hidden,
    required: has(FieldBehavior.REQUIRED),
    readOnly: has(FieldBehavior.OUTPUT_ONLY),
    writeOnly: has(FieldBehavior.INPUT_ONLY),
  });
}
