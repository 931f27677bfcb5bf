import type { DescField, DescMessage } from "@bufbuild/protobuf";
import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLScalarType,
} from "graphql";
import { id, json, scalarOf, scalarOfMessage } from "../contract/index.js";
import type { Types } from "./types.js";

type NullableInput = GraphQLScalarType | GraphQLEnumType | GraphQLInputObjectType | GraphQLList<GraphQLInputType>;

/** The input type of a field. `required`: it must be set, whatever its options say. */
export function inputTypeOf(types: Types, field: DescField, required = false): GraphQLInputType {
  const type = nullableInputTypeOf(types, field);
  return (required || types.isRequired(field, "input")) && type !== json && !isRecursive(types, field)
    ? new GraphQLNonNull(type)
    : type;
}

/** The input type of an optional field. Its validation rules apply only to values that are set. */
export function nullableInputTypeOf(types: Types, field: DescField): NullableInput {
  switch (field.fieldKind) {
    case "list":
      return new GraphQLList(inCollection(valueTypeOf(types, field)));
    case "map":
      return new GraphQLList(new GraphQLNonNull(types.entryInput(field)));
    default:
      return valueTypeOf(types, field);
  }
}

function inCollection(type: NullableInput): GraphQLInputType {
  return type === json ? type : new GraphQLNonNull(type);
}

/** The type of a field's value, of a list's items or of a map's values. */
export function valueTypeOf(types: Types, field: DescField): NullableInput {
  if (field.message !== undefined) return scalarOfMessage(field.message) ?? types.input(field.message);
  if (field.enum !== undefined) {
    return field.enum.typeName === "google.protobuf.NullValue" ? json : types.enumeration(field.enum);
  }
  return types.isId(field) ? id : scalarOf(field.scalar as never);
}

/** Messages from which required fields form no cycle. */
const finite: WeakSet<DescMessage> = new WeakSet();

/** Whether required fields make a message contain itself. No value is finite then, and GraphQL rejects the type. */
function isRecursive(types: Types, field: DescField): boolean {
  if (field.fieldKind !== "message" || !types.isRequired(field, "input")) return false;
  return field.message === field.parent || reaches(types, field.message, field.parent);
}

/**
 * Whether required fields lead from one message to another. Not recursive, since chains may be longer than the stack.
 */
function reaches(types: Types, from: DescMessage, to: DescMessage): boolean {
  const path: { readonly message: DescMessage; readonly ahead: DescMessage[] }[] = [];
  const seen = new Set<DescMessage>();
  const enter = (message: DescMessage): void => {
    seen.add(message);
    path.push({ message, ahead: mustHold(types, message) });
  };
  if (!finite.has(from)) enter(from);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.ahead.pop();
    if (next === to) return true;
    if (next !== undefined) {
      if (!seen.has(next) && !finite.has(next)) enter(next);
      continue;
    }
    path.pop();
    if (mustHold(types, top.message).every((one) => finite.has(one))) finite.add(top.message);
  }
  return false;
}

function mustHold(types: Types, { fields }: DescMessage): DescMessage[] {
  return fields.flatMap((field) =>
    field.fieldKind === "message" && types.isRequired(field, "input") ? [field.message] : [],
  );
}
