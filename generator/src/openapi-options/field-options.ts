import type { DescField } from "@bufbuild/protobuf";
import { readOption } from "../descriptors/index.js";
import { FieldBehavior, field_behavior } from "../gen/google/api/field_behavior_pb.js";
import * as potter from "../gen/potter/v1/openapi_pb.js";
import { readGatewayField, readGnosticField } from "./external/index.js";
import type { FieldOptions } from "./options.js";
import { firstSet, set } from "./set.js";

/** The options of a field. Where several set the same, Potter wins, then google.api, gnostic and grpc-gateway. */
export function readFieldOptions(field: DescField): FieldOptions {
  return firstSet<FieldOptions>(readOwn(field), readGnosticField(field), readGatewayField(field));
}

function readOwn(field: DescField): FieldOptions {
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
