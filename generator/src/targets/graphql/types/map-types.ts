import type { DescField } from "@bufbuild/protobuf";
import { GraphQLInputObjectType, GraphQLNonNull, GraphQLObjectType } from "graphql";
import { json, scalarOf } from "../contract/index.js";
import { partOf, toFieldName, upperFirst } from "../names/index.js";
import { valueTypeOf as inputValueOf } from "./input-type.js";
import { inCollection, valueTypeOf } from "./output-type.js";
import type { Types } from "./types.js";

type MapField = DescField & { fieldKind: "map" };

/** Builds the entry type of a map. GraphQL has no maps, so a map is a list of entries. */
export function buildEntry(types: Types, field: MapField): GraphQLObjectType {
  return new GraphQLObjectType({
    name: types.names.derive(
      `${types.object(field.parent).name}${upperFirst(toFieldName(field))}Entry`,
      partOf(field, "entry"),
    ),
    description: `An entry of the map \`${field.name}\`.`,
    fields: () => ({
      key: { type: new GraphQLNonNull(scalarOf(field.mapKey)) },
      value: { type: inCollection(valueTypeOf(types, field)) },
    }),
  });
}

/** Builds the input type of map entries. Each key may occur once. */
export function buildEntryInput(types: Types, field: MapField): GraphQLInputObjectType {
  const owner = types.input(field.parent).name.replace(/Input$/, "");
  return new GraphQLInputObjectType({
    name: types.names.derive(`${owner}${upperFirst(toFieldName(field))}EntryInput`, partOf(field, "entry input")),
    description: `An entry of the map \`${field.name}\`.`,
    fields: () => {
      const value = inputValueOf(types, field);
      return {
        key: { type: new GraphQLNonNull(scalarOf(field.mapKey)) },
        value: { type: value === json ? value : new GraphQLNonNull(value) },
      };
    },
  });
}
