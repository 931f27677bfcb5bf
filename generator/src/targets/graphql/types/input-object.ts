import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { type GraphQLInputFieldConfig, GraphQLInputObjectType, GraphQLNonNull, isNonNullType } from "graphql";
import { isRequiredChoice } from "../../../json-schema/index.js";
import type { InputField } from "../contract/index.js";
import { deprecate, describe } from "./descriptions.js";
import { inputTypeOf, nullableInputTypeOf } from "./input-type.js";
import { listInputMembers } from "./members.js";
import { bindName } from "./object-type.js";
import { nameMembers } from "./oneof-types.js";
import { placeholderField } from "./placeholder.js";
import type { Types } from "./types.js";

/** Builds the input type of a message. */
export function buildInput(types: Types, desc: DescMessage): GraphQLInputObjectType {
  const name = types.names.takeInput(desc, types.facts.type(desc).inputName);
  return new GraphQLInputObjectType({
    name,
    ...describe(desc),
    fields: () => {
      const { fields, bound } = buildInputs(types, desc);
      types.bindings.inputs.set(name, { message: desc.typeName, fields: bound });
      return Object.keys(fields).length === 0 ? placeholderField : fields;
    },
  });
}

/** The input fields of a message. */
export interface Inputs {
  readonly fields: Readonly<Record<string, GraphQLInputFieldConfig>>;
  /** The bindings of names that differ from the JSON name. */
  readonly bound: Readonly<Record<string, InputField>>;
}

const none: ReadonlySet<DescField> = new Set();

/**
 * Builds the input fields of a message. `required`: further fields that must be set; `without`: fields to leave out.
 */
export function buildInputs(types: Types, desc: DescMessage, required = none, without = none): Inputs {
  const fields: Record<string, GraphQLInputFieldConfig> = {};
  const bound: Record<string, InputField> = {};
  const partial = types.partial.has(desc);
  for (const { name, desc: member } of listInputMembers(types, desc)) {
    if (member.kind === "field" && without.has(member)) continue;
    if (member.kind === "oneof") {
      const choice = types.choice(member);
      fields[name] = {
        type: isRequiredChoice(member) && !partial ? new GraphQLNonNull(choice) : choice,
        ...describe(member),
      };
      bound[name] = { oneof: Object.fromEntries(nameMembers(types, member).map(([key, field]) => [key, field.name])) };
      continue;
    }
    const isNeeded = required.has(member) || types.needed.has(member);
    const type = partial ? nullableInputTypeOf(types, member) : inputTypeOf(types, member, isNeeded);
    // GraphQL forbids deprecating a required input field.
    fields[name] = { type, ...describe(member), ...(!isNonNullType(type) && deprecate(member)) };
    const binding = bindName(name, member);
    if (binding !== undefined) bound[name] = binding;
  }
  return { fields, bound };
}
