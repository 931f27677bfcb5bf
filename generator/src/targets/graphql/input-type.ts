import type { DescField } from "@bufbuild/protobuf";
import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLScalarType,
} from "graphql";
import { isRequired } from "../../json-schema/index.js";
import { id, json, scalarOf, scalarOfMessage } from "./scalars.js";
import type { Types } from "./types.js";

type NullableInput = GraphQLScalarType | GraphQLEnumType | GraphQLInputObjectType | GraphQLList<GraphQLInputType>;

/** The type of a field where it is asked for. `required`: it must be given, whatever its own options say. */
export function inputTypeOf(types: Types, field: DescField, required = false): GraphQLInputType {
  const type = contentType(types, field);
  return (required || isRequired(field, "input")) && type !== json && !isRecursive(field)
    ? new GraphQLNonNull(type)
    : type;
}

function contentType(types: Types, field: DescField): NullableInput {
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

/** Whether a message must hold itself by required fields: no value is finite then, and GraphQL refuses the type. */
function isRecursive(field: DescField): boolean {
  const seen = new Set<DescField>();
  const search = (one: DescField): boolean => {
    if (one.fieldKind !== "message" || seen.has(one) || !isRequired(one, "input")) return false;
    seen.add(one);
    return one.message === field.parent || one.message.fields.some(search);
  };
  return search(field);
}
