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

/** The extension numbers, with which diagnostics point at an option. */
export const optionNumbers = {
  service: potter.graphql_service.number,
  method: potter.graphql_method.number,
  type: potter.graphql_type.number,
  field: potter.graphql_field.number,
  oneof: potter.graphql_oneof.number,
  enum: potter.graphql_enum.number,
  value: potter.graphql_value.number,
} as const;

/** Options of a service. In all of these types, a name that is not set is the empty string. */
export interface ServiceOptions {
  /** Whether the service is excluded from the schema. */
  readonly ignore: boolean;
  /** Prefix of its field names. */
  readonly prefix: string;
}

export const serviceDefaults: ServiceOptions = { ignore: false, prefix: "" };

export function readServiceOptions(desc: DescService): ServiceOptions {
  return readOption(desc, potter.graphql_service) ?? serviceDefaults;
}

/** Options of an rpc, for its root field. */
export interface MethodOptions {
  /** The name of the field; without it, one derived from the rpc. */
  readonly name: string;
  /** Whether the rpc is excluded from the schema. */
  readonly ignore: boolean;
  /** The root type; undefined: Query for queries, Mutation for commands. */
  readonly operation: "query" | "mutation" | undefined;
  /** The field of the response that is the result; without it, the whole response. */
  readonly unwrap: string;
  /** Whether a paginated list becomes a Relay connection; undefined: if it has the required fields. */
  readonly connection: boolean | undefined;
  /** The field of the request with the keys of a batch; without it, the repeated field of a BatchGet request. */
  readonly batchKeys: string;
}

export const methodDefaults: MethodOptions = {
  name: "",
  ignore: false,
  operation: undefined,
  unwrap: "",
  connection: undefined,
  batchKeys: "",
};

const operations = [undefined, "query", "mutation"] as const;

export function readMethodOptions(desc: DescMethod): MethodOptions {
  const options = readOption(desc, potter.graphql_method);
  if (options === undefined) return methodDefaults;
  const { name, ignore, operation, unwrap, connection, batchKeys } = options;
  return { name, ignore, operation: operations[operation], unwrap, connection, batchKeys };
}

/** Options of a message, for its object type and its input type. */
export interface TypeOptions {
  /** The name of the object type; without it, the name of the message. */
  readonly name: string;
  /** The name of the input type; without it, one derived from the name of the message. */
  readonly inputName: string;
  /** Keys of the entity: each is the names of one or several fields, separated by spaces. */
  readonly key: readonly string[];
  /** Federation: whether other subgraphs may also resolve the fields. */
  readonly shareable: boolean;
  /** On an aggregate: whether its events become a subscription. */
  readonly events: boolean;
}

export const typeDefaults: TypeOptions = { name: "", inputName: "", key: [], shareable: false, events: false };

export function readTypeOptions(desc: DescMessage): TypeOptions {
  return readOption(desc, potter.graphql_type) ?? typeDefaults;
}

/** The nullability of an output field according to the options; undefined if none sets it. */
export type Nullability = "non-null" | "nullable" | undefined;

/** The entity that a field refers to. */
export interface ReferenceOptions {
  /** The message of the entity, as the contract writes it. */
  readonly type: string;
  /** The name of the additional field; without it, one derived from the field or the entity. */
  readonly name: string;
}

/** Options of a field, Potter's and google.api.field_behavior. */
export interface FieldOptions {
  /** The name of the field; without it, the JSON name. */
  readonly name: string;
  /** Whether the field is excluded from the schema. */
  readonly ignore: boolean;
  /** Whether the field is non-null in responses; undefined: derived from presence and validation rules. */
  readonly nullability: Nullability;
  /** Whether its type is ID; undefined: derived from ids, keys and the name. */
  readonly id: boolean | undefined;
  /** Federation: whether other subgraphs may also resolve the field. */
  readonly shareable: boolean;
  /** The entity whose key the field holds; undefined: none. */
  readonly reference: ReferenceOptions | undefined;
  /** OUTPUT_ONLY: requests do not have the field. */
  readonly outputOnly: boolean;
  /** INPUT_ONLY: responses do not have the field. */
  readonly inputOnly: boolean;
  /** IDENTIFIER: the field identifies its message. */
  readonly identifier: boolean;
}

export const fieldDefaults: FieldOptions = {
  name: "",
  ignore: false,
  nullability: undefined,
  id: undefined,
  shareable: false,
  reference: undefined,
  outputOnly: false,
  inputOnly: false,
  identifier: false,
};

const nullabilities = [undefined, "non-null", "nullable"] as const;

export function readFieldOptions(desc: DescField): FieldOptions {
  const options = readOption(desc, potter.graphql_field);
  const behaviors = (readOption(desc, field_behavior) ?? []) as readonly FieldBehavior[];
  if (options === undefined && behaviors.length === 0) return fieldDefaults;
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

/** Options of a oneof: the name of its field, and the name of its union. */
export interface OneofOptions {
  /** The name of the field; without it, the name of the oneof. */
  readonly name: string;
  /** The name of the union; without it, the names of message and oneof. */
  readonly type: string;
}

export const oneofDefaults: OneofOptions = { name: "", type: "" };

export function readOneofOptions(desc: DescOneof): OneofOptions {
  return readOption(desc, potter.graphql_oneof) ?? oneofDefaults;
}

/** Options of an enum. */
export interface EnumOptions {
  /** The name of the GraphQL enum; without it, the name of the enum. */
  readonly name: string;
}

export const enumDefaults: EnumOptions = { name: "" };

export function readEnumOptions(desc: DescEnum): EnumOptions {
  return readOption(desc, potter.graphql_enum) ?? enumDefaults;
}

/** Options of an enum value. */
export interface ValueOptions {
  /** The name of the GraphQL value; without it, the proto name without the prefix of the enum. */
  readonly name: string;
}

export const valueDefaults: ValueOptions = { name: "" };

export function readValueOptions(desc: DescEnumValue): ValueOptions {
  return readOption(desc, potter.graphql_value) ?? valueDefaults;
}
