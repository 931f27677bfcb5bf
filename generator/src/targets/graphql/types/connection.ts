import type { DescMessage } from "@bufbuild/protobuf";
import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from "graphql";
import type { ConnectionBinding, Paging } from "../contract/index.js";
import { partOf, toTypeName } from "../names/index.js";
import { describe } from "./descriptions.js";
import { listOutputMembers } from "./members.js";
import { buildField } from "./object-type.js";
import type { Types } from "./types.js";

export const pageArguments = {
  first: { type: GraphQLInt, description: "The most items to return. Default: the page size of the service." },
  after: { type: GraphQLString, description: "Returns items after this cursor. Default: from the first item." },
};

/** The page info of every connection. */
export const pageInfo: GraphQLObjectType = new GraphQLObjectType({
  name: "PageInfo",
  description: "The bounds of a page, and whether there are more items.",
  fields: {
    hasNextPage: { type: new GraphQLNonNull(GraphQLBoolean), description: "Whether there are items after this page." },
    hasPreviousPage: {
      type: new GraphQLNonNull(GraphQLBoolean),
      description: "Whether there are items before this page.",
    },
    startCursor: { type: GraphQLString, description: "The cursor of the first item; null if the page is empty." },
    endCursor: {
      type: GraphQLString,
      description: "The cursor to continue after; null if nothing is here or follows.",
    },
  },
});

/** Builds the connection of a paged response as Relay specifies it, with the other fields of the response. */
export function buildConnection(types: Types, output: DescMessage, paging: Paging): GraphQLObjectType {
  const base = toTypeName(output)
    .replace(/^List(?=[A-Z])/, "")
    .replace(/(?<=.)Response$/, "");
  const connection = types.names.derive(`${base}Connection`, partOf(output, "connection"));
  const edge = types.names.derive(`${base}Edge`, partOf(output, "edge"));
  return new GraphQLObjectType({
    name: connection,
    ...describe(output),
    fields: () => {
      const node = types.object(paging.items.message);
      const edgeType = new GraphQLObjectType({
        name: edge,
        description: "An item of a list, with its cursor.",
        fields: {
          cursor: {
            type: new GraphQLNonNull(GraphQLString),
            description: "Its value for the argument that continues after this item.",
          },
          node: { type: new GraphQLNonNull(node), ...describe(paging.items) },
        },
      });
      const fields: Record<string, GraphQLFieldConfig<unknown, unknown>> = {
        edges: { type: listOf(edgeType), description: "The items with their cursors." },
        nodes: { type: listOf(node), description: "The items without their cursors." },
        pageInfo: {
          type: new GraphQLNonNull(pageInfo),
          description: "The bounds of this page, and whether there are more items.",
        },
      };
      for (const [name, field] of otherFields(types, output, paging)) fields[name] ??= field;
      return fields;
    },
  });
}

function listOf(type: GraphQLObjectType): GraphQLNonNull<GraphQLList<GraphQLNonNull<GraphQLObjectType>>> {
  return new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)));
}

function* otherFields(types: Types, output: DescMessage, { items, nextPageToken }: Paging) {
  for (const member of listOutputMembers(types, output)) {
    if (member.desc === items || member.desc === nextPageToken || member.desc.kind === "oneof") continue;
    yield [member.name, buildField(types, member)[0], member.desc] as const;
  }
}

export function bindConnection(types: Types, output: DescMessage, paging: Paging): ConnectionBinding {
  const { items, pageSize, pageToken, nextPageToken } = paging;
  const others = Array.from(otherFields(types, output, paging), ([name, , desc]) => [name, desc.name] as const);
  return {
    items: items.name,
    pageSize: pageSize.name,
    pageToken: pageToken.name,
    nextPageToken: nextPageToken.name,
    others: Object.fromEntries(others),
  };
}
