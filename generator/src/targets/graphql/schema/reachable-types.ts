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
 * All types that some lead to, in the order in which graphql-js finds them. A schema that is given all of its types does not
 * follow them call by call, which would end at the depth of the stack where a chain of messages is long.
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
