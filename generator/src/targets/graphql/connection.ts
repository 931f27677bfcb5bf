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
import type { ConnectionBinding } from "./bindings.js";
import { partOf } from "./lock.js";
import { listAnswered } from "./members.js";
import { toTypeName } from "./names.js";
import { buildField } from "./object-type.js";
import type { Paging } from "./paging.js";
import type { Types } from "./types.js";
import { describe } from "./words.js";

export const pageArguments = {
  first: { type: GraphQLInt, description: "How many to give at most. Default: as many as the service sees fit." },
  after: { type: GraphQLString, description: "Give those after this cursor. Default: from the first on." },
};

/** What every connection says of its page. */
export const pageInfo: GraphQLObjectType = new GraphQLObjectType({
  name: "PageInfo",
  description: "Where a page ends.",
  fields: {
    hasNextPage: { type: new GraphQLNonNull(GraphQLBoolean), description: "Whether there are more." },
    hasPreviousPage: { type: new GraphQLNonNull(GraphQLBoolean), description: "Whether there are any before." },
    startCursor: { type: GraphQLString, description: "The cursor of the first; null if there is none." },
    endCursor: {
      type: GraphQLString,
      description: "The cursor to go on after; null if there is nothing here or after.",
    },
  },
});

/** The connection of a paged answer, as Relay's specification has it, with the other fields of the answer. */
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
        description: "One of a list, and where it stands there.",
        fields: {
          cursor: { type: new GraphQLNonNull(GraphQLString), description: "Where to go on after it." },
          node: { type: new GraphQLNonNull(node), ...describe(paging.items) },
        },
      });
      const fields: Record<string, GraphQLFieldConfig<unknown, unknown>> = {
        edges: { type: listOf(edgeType), description: "The items, with their cursors." },
        nodes: { type: listOf(node), description: "The items, without their cursors." },
        pageInfo: { type: new GraphQLNonNull(pageInfo), description: "Where the page ends." },
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
  for (const member of listAnswered(types, output)) {
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
