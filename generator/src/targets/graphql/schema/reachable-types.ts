import {
  type GraphQLNamedType,
  type GraphQLType,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from "graphql";

/**
 * All types reachable from some types, in the order of graphql-js. Given all types, GraphQLSchema does not collect
 * them recursively, which would overflow the stack on long chains of messages.
 */
export function reachTypes(first: readonly (GraphQLNamedType | null | undefined)[]): GraphQLNamedType[] {
  const found = new Set<GraphQLNamedType>();
  const ahead = first.filter((type) => type !== null && type !== undefined).reverse();
  for (let type = ahead.pop(); type !== undefined; type = ahead.pop()) {
    if (found.has(type)) continue;
    found.add(type);
    for (const next of leadsTo(type)
      .map((next) => getNamedType(next))
      .reverse())
      if (!found.has(next)) ahead.push(next);
  }
  return [...found];
}

function leadsTo(type: GraphQLNamedType): readonly GraphQLType[] {
  if (isUnionType(type)) return type.getTypes();
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => field.type);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [field.type, ...field.args.map((one) => one.type)]);
}
