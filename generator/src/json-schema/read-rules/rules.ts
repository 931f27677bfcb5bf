import { type DescField, type DescMessage, type DescOneof, isFieldSet, type Message } from "@bufbuild/protobuf";
import type { FieldRules, MessageRules, OneofRules } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { oncePer, readExternalOption } from "../../descriptors/index.js";

/** The rules that are set, by local name: `{ minLen: 1n }`. */
export type RuleValues = Readonly<Record<string, unknown>>;

/** The protovalidate rules of a value. */
export interface Rules {
  /** Whether the field must be set. If it cannot be absent, its value must not be zero. */
  readonly required: boolean;
  /** When the rules apply: `zero` skips zero values. */
  readonly ignore: "never" | "zero";
  /** Whether it is in a oneof rule of protovalidate, where a zero value counts as absent. */
  readonly chosen: boolean;
  readonly values: RuleValues;
  /** CEL rules, as their messages if they have any. */
  readonly cel: readonly string[];
  /** The rules of list items, or of map keys or values. */
  nested(name: "items" | "keys" | "values"): Rules;
}

const none: Rules = { required: false, ignore: "never", chosen: false, values: {}, cel: [], nested: () => none };

/** The number of all protovalidate extensions. */
const number = 1159;

/** Reads the rules of a field, as the buf/validate/validate.proto of the request defines them. */
export const readFieldRules: (field: DescField) => Rules = oncePer((field) => {
  const option = readExternalOption(field, { name: "buf.validate.field", number });
  const rules = option === undefined ? none : toRules(option.schema, option.value as FieldRules);
  const { oneof = [] } = readMessageRules(field.parent) ?? {};
  return oneof.some(({ fields }) => fields.includes(field.name)) ? { ...rules, ignore: "zero", chosen: true } : rules;
});

// buf.validate.Ignore
const [ifZero, always] = [1, 3];

function toRules(schema: DescMessage, rules: FieldRules): Rules {
  if (rules.ignore === always) return none;
  const type = schema.fields.find(({ localName }) => localName === rules.type.case)?.message;
  const values = type === undefined ? {} : readValues(type, rules.type.value as Message);
  return {
    required: rules.required,
    ignore: rules.ignore === ifZero ? "zero" : "never",
    chosen: false,
    values,
    cel: [...rules.celExpression, ...rules.cel.map(({ message, expression }) => message || expression)],
    nested: (name) => (values[name] === undefined ? none : toRules(schema, values[name] as FieldRules)),
  };
}

function readValues(schema: DescMessage, rules: Message): RuleValues {
  const values: Record<string, unknown> = {};
  for (const field of schema.fields) {
    if (field.name === "example" || !isFieldSet(rules as never, field)) continue;
    const all = rules as unknown as Record<string, unknown>;
    values[field.localName] =
      field.oneof === undefined ? all[field.localName] : (all[field.oneof.localName] as { value: unknown }).value;
  }
  return values;
}

/** Fields of which at most one may be set, or exactly one. */
export interface Choice {
  readonly fields: readonly DescField[];
  readonly required: boolean;
}

/** The choices of a message: its oneofs, and those that protovalidate declares. */
export const readChoices: (message: DescMessage) => readonly Choice[] = oncePer((message) => {
  const declared = message.oneofs.map((oneof): Choice => ({ fields: oneof.fields, required: isRequired(oneof) }));
  const { oneof = [] } = readMessageRules(message) ?? {};
  return [
    ...declared,
    ...oneof.map(({ fields, required }) => ({
      fields: fields.flatMap((name) => message.fields.find((field) => field.name === name) ?? []),
      required,
    })),
  ];
});

/** The CEL rules of a message. */
export const readMessageCel: (message: DescMessage) => readonly string[] = oncePer((message) => {
  const rules = readMessageRules(message);
  if (rules === undefined) return [];
  return [...rules.celExpression, ...rules.cel.map((rule) => rule.message || rule.expression)];
});

function readMessageRules(message: DescMessage): MessageRules | undefined {
  return readExternalOption(message, { name: "buf.validate.message", number })?.value as MessageRules | undefined;
}

function isRequired(oneof: DescOneof): boolean {
  const rules = readExternalOption(oneof, { name: "buf.validate.oneof", number })?.value as OneofRules | undefined;
  return rules?.required === true;
}
