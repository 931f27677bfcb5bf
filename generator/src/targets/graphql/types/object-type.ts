import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { type GraphQLFieldConfig, GraphQLNonNull, GraphQLObjectType } from "graphql";
import { isRequiredChoice } from "../../../json-schema/index.js";
import type { ObjectField } from "../contract/index.js";
import { deprecate, describe } from "./descriptions.js";
import { listOutputMembers, type Member } from "./members.js";
import { bindUnion } from "./oneof-types.js";
import { outputTypeOf } from "./output-type.js";
import { keptPlaceholder, placeholder, placeholderField } from "./placeholder.js";
import { addReferences } from "./references.js";
import type { Types } from "./types.js";

type Field = GraphQLFieldConfig<unknown, unknown>;

/** Builds the object type of a message. */
export function buildObject(types: Types, desc: DescMessage): GraphQLObjectType {
  const name = types.names.take(desc, types.facts.type(desc).name);
  return new GraphQLObjectType({
    name,
    ...describe(desc),
    fields: () => {
      const fields: Record<string, Field> = {};
      const bound: Record<string, ObjectField> = {};
      for (const member of listOutputMembers(types, desc)) {
        const [field, binding] = buildField(types, member);
        fields[member.name] = field;
        if (binding !== undefined) bound[member.name] = binding;
      }
      addReferences(types, desc, fields, bound);
      types.bindings.objects.set(name, { message: desc.typeName, fields: bound });
      // A placeholder that clients may query stays when the type gains fields.
      const kept = types.lock.has(`${name}.${placeholder}`) && !(placeholder in fields) ? keptPlaceholder : {};
      return Object.keys(fields).length === 0 ? placeholderField : { ...fields, ...kept };
    },
  });
}

/** Builds the field of a member, and its binding if the name alone does not identify it. */
export function buildField(types: Types, { name, desc }: Member): readonly [Field, ObjectField | undefined] {
  if (desc.kind === "oneof") {
    const union = types.union(desc);
    const type = isRequiredChoice(desc) ? new GraphQLNonNull(union) : union;
    return [
      { type, ...describe(desc) },
      { oneof: desc.name, members: bindUnion(types, desc) },
    ];
  }
  const field = { type: outputTypeOf(types, desc), ...describe(desc), ...deprecate(desc) };
  return [field, bindName(name, desc)];
}

/** The proto name, if the schema name differs from the JSON name. */
export function bindName(name: string, { jsonName, name: protoName }: DescField): string | undefined {
  return name === jsonName ? undefined : protoName;
}
