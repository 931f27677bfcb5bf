import { type DescField, type DescMessage, type DescOneof, getOption, type Message } from "@bufbuild/protobuf";
import { type ReflectList, reflect } from "@bufbuild/protobuf/reflect";
import { WireType } from "@bufbuild/protobuf/wire";
import {
  type FieldRules,
  FieldRulesSchema,
  field as fieldRules,
  Ignore,
  type MessageOneofRule,
  message as messageRules,
  oneof as oneofRules,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

/** The rules that are set, by their proto names: `{ min_len: 3n }`. */
export type RuleValues = Readonly<Record<string, unknown>>;

/** The rules of a field, of a list's items, or of a map's keys or values. */
export interface Rules {
  readonly required: boolean;
  readonly values: RuleValues;
  /** The rules within: `items`, `keys`, `values`. */
  readonly within: (name: "items" | "keys" | "values") => Rules;
}

export const noRules: Rules = { required: false, values: {}, within: () => noRules };

/** Read with protovalidate's own types, which is another way than the generator's. */
export function rulesOf(field: DescField): Rules {
  return toRules(getOption(field, fieldRules));
}

export function isRequired(oneof: DescOneof): boolean {
  return getOption(oneof, oneofRules).required;
}

/** The choices among fields that protovalidate declares. */
export function choicesOf(message: DescMessage): readonly MessageOneofRule[] {
  return getOption(message, messageRules).oneof;
}

// google.api.field_behavior
const behaviours = 1052;
const required = 2;

/** Whether google.api.field_behavior says that callers must set a field. Read from the bytes, as packed and as single values. */
export function isOwedByCallers(field: DescField): boolean {
  const unknown = field.proto.options?.$unknown ?? [];
  return unknown.some(({ no, wireType, data }) => {
    if (no !== behaviours) return false;
    // The values are small, so each is one byte. Packed values have their count before them.
    return [...(wireType === WireType.LengthDelimited ? data.slice(1) : data)].includes(required);
  });
}

function toRules({ ignore, required, type }: FieldRules): Rules {
  if (ignore === Ignore.ALWAYS) return noRules;
  const schema = FieldRulesSchema.fields.find(({ localName }) => localName === type.case)?.message;
  const values: Record<string, unknown> = {};
  if (schema !== undefined) {
    const rules = reflect(schema, type.value as Message);
    for (const field of schema.fields) {
      if (!rules.isSet(field) || field.name === "example") continue;
      const value: unknown = rules.get(field);
      if (field.fieldKind === "list") values[field.name] = [...(value as ReflectList)].map(unwrap);
      else values[field.name] = field.fieldKind === "message" ? unwrap(value) : value;
    }
  }
  const within = (name: string) => (values[name] === undefined ? noRules : toRules(values[name] as FieldRules));
  return { required, values, within };
}

function unwrap(value: unknown): unknown {
  return typeof value === "object" && value !== null && "message" in value ? value.message : value;
}
