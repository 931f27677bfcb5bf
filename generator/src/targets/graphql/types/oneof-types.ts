import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { GraphQLInputObjectType, GraphQLObjectType, GraphQLUnionType } from "graphql";
import type { UnionMember } from "../contract/index.js";
import { isName, partOf, Scope, toFieldName, toOneofName, upperFirst } from "../names/index.js";
import { deprecate, describe } from "./descriptions.js";
import { valueTypeOf as inputValueOf } from "./input-type.js";
import { inCollection, isScalarMessage, valueTypeOf } from "./output-type.js";
import type { Types } from "./types.js";

/** The members of a oneof that are answered. */
export function answeredMembers(types: Types, oneof: DescOneof): readonly DescField[] {
  return oneof.fields.filter((field) => {
    const { ignore, inputOnly } = types.facts.field(field);
    return !ignore && !inputOnly;
  });
}

/** The members of a oneof that are asked for. */
export function askedMembers(types: Types, oneof: DescOneof): readonly DescField[] {
  return oneof.fields.filter((field) => {
    const { ignore, outputOnly } = types.facts.field(field);
    return !ignore && !outputOnly;
  });
}

/**
 * The union of a oneof. A message stands for itself; a scalar, and a message that an earlier member is of already, stands
 * in a type of its own: earlier members keep their types when one is added.
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

/** The members as the module says them; the types are those of the union. */
export function bindUnion(types: Types, oneof: DescOneof): readonly UnionMember[] {
  const all = types.union(oneof).getTypes();
  return listMembers(types, oneof).map(([field, plain], at) => ({
    field: field.name,
    type: all[at]?.name ?? "",
    ...(plain === undefined && { as: wrappedName(types, field) }),
  }));
}

/** Each member, and its message where that stands for itself. */
function listMembers(types: Types, oneof: DescOneof): readonly (readonly [DescField, DescMessage | undefined])[] {
  const seen = new Set<DescMessage>();
  return answeredMembers(types, oneof).map((field) => {
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

/** The name of the only field of a type that is made for a member. */
function wrappedName(types: Types, field: DescField): string {
  const chosen = types.facts.field(field).name;
  return isName(chosen) ? chosen : toFieldName(field);
}

/** The input of a oneof: one of its fields is given. */
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

/** The fields of the input of a oneof, and what they are in proto. */
export function nameMembers(types: Types, oneof: DescOneof): readonly (readonly [string, DescField])[] {
  const scope = new Scope();
  return askedMembers(types, oneof).map((field) => [scope.take(wrappedName(types, field)), field]);
}
