import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescMessage,
  DescMethod,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";
import { readOption } from "../descriptors/index.js";
import { FieldBehavior, field_behavior } from "../gen/google/api/field_behavior_pb.js";
import * as potter from "../gen/potter/v1/graphql_pb.js";

/** Numbers of the extensions, to point at them. */
export const optionNumbers = {
  service: potter.graphql_service.number,
  method: potter.graphql_method.number,
  type: potter.graphql_type.number,
  field: potter.graphql_field.number,
  oneof: potter.graphql_oneof.number,
  enum: potter.graphql_enum.number,
  value: potter.graphql_value.number,
} as const;

/** What a service says. A name that is not given is the empty text, here and below. */
export function readServiceOptions(desc: DescService): { readonly ignore: boolean; readonly prefix: string } {
  return readOption(desc, potter.graphql_service) ?? { ignore: false, prefix: "" };
}

/** What an rpc says of its field. */
export interface MethodOptions {
  readonly name: string;
  readonly ignore: boolean;
  readonly operation: "query" | "mutation" | undefined;
  readonly unwrap: string;
  readonly connection: boolean | undefined;
  readonly batchKeys: string;
}

const operations = [undefined, "query", "mutation"] as const;

export function readMethodOptions(desc: DescMethod): MethodOptions {
  const options = readOption(desc, potter.graphql_method);
  const { name = "", ignore = false, operation = 0, unwrap = "", connection, batchKeys = "" } = options ?? {};
  return { name, ignore, operation: operations[operation], unwrap, connection, batchKeys };
}

/** What a message says of its types. */
export interface TypeOptions {
  readonly name: string;
  readonly inputName: string;
  /** Each a key of one field or of several, with spaces between them. */
  readonly key: readonly string[];
  readonly shareable: boolean;
  readonly events: boolean;
}

const plainType: TypeOptions = { name: "", inputName: "", key: [], shareable: false, events: false };

export function readTypeOptions(desc: DescMessage): TypeOptions {
  return readOption(desc, potter.graphql_type) ?? plainType;
}

export type Nullability = "non-null" | "nullable" | undefined;

/** The entity that a field refers to. */
export interface ReferenceOptions {
  readonly type: string;
  readonly name: string;
}

/** What a field says of the fields it becomes. */
export interface FieldOptions {
  readonly name: string;
  readonly ignore: boolean;
  readonly nullability: Nullability;
  readonly id: boolean | undefined;
  readonly shareable: boolean;
  readonly reference: ReferenceOptions | undefined;
  /** google.api.field_behavior: it is never sent, never answered, or names what holds it. */
  readonly outputOnly: boolean;
  readonly inputOnly: boolean;
  readonly identifier: boolean;
}

const nullabilities = [undefined, "non-null", "nullable"] as const;

export function readFieldOptions(desc: DescField): FieldOptions {
  const options = readOption(desc, potter.graphql_field);
  const behaviors = (readOption(desc, field_behavior) ?? []) as readonly FieldBehavior[];
  const { name = "", ignore = false, nullability = 0, id, shareable = false, reference } = options ?? {};
  return {
    name,
    ignore,
    nullability: nullabilities[nullability],
    id,
    shareable,
    reference,
    outputOnly: behaviors.includes(FieldBehavior.OUTPUT_ONLY),
    inputOnly: behaviors.includes(FieldBehavior.INPUT_ONLY),
    identifier: behaviors.includes(FieldBehavior.IDENTIFIER),
  };
}

export function readOneofOptions(desc: DescOneof): { readonly name: string; readonly type: string } {
  return readOption(desc, potter.graphql_oneof) ?? { name: "", type: "" };
}

export function readEnumOptions(desc: DescEnum): { readonly name: string } {
  return readOption(desc, potter.graphql_enum) ?? { name: "" };
}

export function readValueOptions(desc: DescEnumValue): { readonly name: string } {
  return readOption(desc, potter.graphql_value) ?? { name: "" };
}
