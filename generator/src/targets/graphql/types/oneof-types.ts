import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { GraphQLInputObjectType, GraphQLObjectType, GraphQLUnionType } from "graphql";
import type { UnionMember } from "../contract/index.js";
import { isName, NameScope, partOf, toFieldName, toOneofName, upperFirst } from "../names/index.js";
import { deprecate, describe } from "./descriptions.js";
import { valueTypeOf as inputValueOf } from "./input-type.js";
import { inCollection, isScalarMessage, valueTypeOf } from "./output-type.js";
import type { Types } from "./types.js";

/** The members of a oneof in responses. */
export function outputMembersOf(types: Types, oneof: DescOneof): readonly DescField[] {
  return oneof.fields.filter((field) => {
    const { ignore, inputOnly } = types.facts.field(field);
    return !ignore && !inputOnly;
  });
}

/** The members of a oneof in requests. */
export function inputMembersOf(types: Types, oneof: DescOneof): readonly DescField[] {
  return oneof.fields.filter((field) => {
    const { ignore, outputOnly } = types.facts.field(field);
    return !ignore && !outputOnly;
  });
}

/**
 * Builds the union of a oneof. A message is a member itself. Scalars, and messages that an earlier member has
 * already, are wrapped in a type of their own. Members keep their types when one is added.
 */
export function buildUnion(types: Types, oneof: DescOneof): GraphQLUnionType {
  const { type: chosen } = types.facts.oneof(oneof);
  const owner = types.object(oneof.parent).name;
  const name = types.names.derive(owner + upperFirst(toOneofName(oneof)), partOf(oneof, "union"), chosen);
  const members = listMembers(types, oneof).map(([field, plain]) =>
    plain ? types.object(plain) : wrap(types, name, field),
  );
  return new GraphQLUnionType({ name, ...describe(oneof), types: members });
}

/** The union members for the bindings. Their types are those of the union. */
export function bindUnion(types: Types, oneof: DescOneof): readonly UnionMember[] {
  const all = types.union(oneof).getTypes();
  return listMembers(types, oneof).map(([field, plain], at) => ({
    field: field.name,
    type: all[at]?.name ?? "",
    ...(plain === undefined && { as: wrappedName(types, field) }),
  }));
}

/** The members in order, each with its message if the message itself is in the union. */
function listMembers(types: Types, oneof: DescOneof): readonly (readonly [DescField, DescMessage | undefined])[] {
  const seen = new Set<DescMessage>();
  return outputMembersOf(types, oneof).map((field) => {
    const { message } = field;
    if (message === undefined || isScalarMessage(message) || seen.has(message)) return [field, undefined];
    seen.add(message);
    return [field, message];
  });
}

function wrap(types: Types, union: string, field: DescField): GraphQLObjectType {
  const name = types.names.derive(union + upperFirst(toFieldName(field)), partOf(field, "member"));
  return new GraphQLObjectType({
    name,
    ...describe(field),
    fields: () => {
      const type = inCollection(valueTypeOf(types, field));
      return { [wrappedName(types, field)]: { type, ...describe(field), ...deprecate(field) } };
    },
  });
}

/** The name of the only field of a wrapper type. */
function wrappedName(types: Types, field: DescField): string {
  const chosen = types.facts.field(field).name;
  return isName(chosen) ? chosen : toFieldName(field);
}

/** Builds the input type of a oneof. Exactly one of its fields is set. */
export function buildChoice(types: Types, oneof: DescOneof): GraphQLInputObjectType {
  const { type: chosen } = types.facts.oneof(oneof);
  const owner = types.input(oneof.parent).name.replace(/Input$/, "");
  const name = types.names.derive(
    `${owner}${upperFirst(toOneofName(oneof))}Input`,
    partOf(oneof, "input"),
    chosen === "" ? "" : `${chosen}Input`,
  );
  return new GraphQLInputObjectType({
    name,
    ...describe(oneof),
    isOneOf: true,
    fields: () =>
      Object.fromEntries(
        nameMembers(types, oneof).map(([key, field]) => [
          key,
          { type: inputValueOf(types, field), ...describe(field), ...deprecate(field) },
        ]),
      ),
  });
}

/** The fields of a oneof input, by their schema names. */
export function nameMembers(types: Types, oneof: DescOneof): readonly (readonly [string, DescField])[] {
  const scope = new NameScope();
  return inputMembersOf(types, oneof).map((field) => [scope.take(wrappedName(types, field)), field]);
}
