import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import {
  type GraphQLEnumType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  type GraphQLUnionType,
} from "graphql";
import { id, json, presenceOf, scalarOf, scalarOfMessage } from "../contract/index.js";
import type { Types } from "./types.js";

type NullableOutput =
  | GraphQLScalarType
  | GraphQLEnumType
  | GraphQLObjectType
  | GraphQLUnionType
  | GraphQLList<GraphQLOutputType>;

/** The type of a field where it is answered. */
export function outputTypeOf(types: Types, field: DescField): GraphQLOutputType {
  const { nullability } = types.facts.field(field);
  const type = contentType(types, field);
  const always = nullability === undefined ? isAlwaysThere(types, field) : nullability === "non-null";
  return always && type !== json ? new GraphQLNonNull(type) : type;
}

/** Whether a field has a value in every message that is answered. */
function isAlwaysThere(types: Types, field: DescField): boolean {
  return presenceOf(field) === "implicit" || types.isRequired(field, "output");
}

function contentType(types: Types, field: DescField): NullableOutput {
  switch (field.fieldKind) {
    case "list":
      return new GraphQLList(inCollection(valueTypeOf(types, field)));
    case "map":
      return new GraphQLList(new GraphQLNonNull(types.entry(field)));
    default:
      return valueTypeOf(types, field);
  }
}

/** The type of an item of a list, or of a value of a map: it is always there, but where it may be the null of JSON. */
export function inCollection(type: NullableOutput): GraphQLOutputType {
  return type === json ? type : new GraphQLNonNull(type);
}

/** The type of a field's value, of a list's items or of a map's values. */
export function valueTypeOf(types: Types, field: DescField): NullableOutput {
  if (field.message !== undefined) return messageTypeOf(types, field.message);
  if (field.enum !== undefined) {
    return field.enum.typeName === "google.protobuf.NullValue" ? json : types.enumeration(field.enum);
  }
  return types.isId(field) ? id : scalarOf(field.scalar as never);
}

/** The type of a message: an object, unless it has a form of its own in JSON. */
export function messageTypeOf(types: Types, desc: DescMessage): NullableOutput {
  return scalarOfMessage(desc) ?? types.object(desc);
}

/** Whether a message is answered as a single value. */
export function isScalarMessage(desc: DescMessage): boolean {
  return isWrapperDesc(desc) || scalarOfMessage(desc) !== undefined;
}
