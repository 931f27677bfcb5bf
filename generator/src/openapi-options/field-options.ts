import type { DescField } from "@bufbuild/protobuf";
import { readOption } from "../descriptors/index.js";
import { FieldBehavior, field_behavior } from "../gen/google/api/field_behavior_pb.js";
import * as potter from "../gen/potter/v1/openapi_pb.js";
import { readGnosticField } from "./gnostic.js";
import { readGatewayField } from "./grpc-gateway.js";
import type { FieldOptions } from "./options.js";
import { readOnce } from "./read-once.js";
import { firstSaid, set } from "./set.js";

/** What a field says, each thing by the first of Potter, google.api, gnostic and grpc-gateway that says it. */
export const readFieldOptions: (field: DescField) => FieldOptions = readOnce((field) =>
  firstSaid<FieldOptions>(readOwn(field), readGnosticField(field), readGatewayField(field)),
);

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
