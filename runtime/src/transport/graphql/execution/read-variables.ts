import {
  type GraphQLError,
  type GraphQLLeafType,
  type GraphQLSchema,
  getVariableValues,
  isLeafType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
} from "graphql";

type Variables = Readonly<Record<string, unknown>>;

/** The variables as resolvers want them, or why they are wrong. */
export interface ReadVariables {
  /** Without a prototype: one that is not given and called `constructor` is not there. */
  readonly coerced?: Variables;
  readonly errors?: readonly GraphQLError[];
}

/** Most errors that are told of one request. */
const maxErrors = 50;

/** How variables are read: by graphql-js, but for scalars and enums that are there and right, as nearly all are. */
export function planVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): (given: Variables) => ReadVariables {
  const readAll = (given: Variables): ReadVariables => {
    const { coerced, errors } = getVariableValues(schema, definitions, given, { maxErrors });
    return errors === undefined ? { coerced: Object.assign(Object.create(null), coerced) } : { errors };
  };
  const leaves: { readonly name: string; readonly type: GraphQLLeafType }[] = [];
  for (const { variable, type: node } of definitions) {
    const given = typeFromAST(schema, node as never);
    const type = isNonNullType(given) ? given.ofType : given;
    if (!isLeafType(type)) return readAll;
    leaves.push({ name: variable.name.value, type });
  }
  return (given) => {
    const coerced: Record<string, unknown> = Object.create(null);
    for (const { name, type } of leaves) {
      const value = Object.hasOwn(given, name) ? readLeaf(type, given[name]) : undefined;
      if (value === undefined) return readAll(given);
      coerced[name] = value;
    }
    return { coerced };
  };
}

/** undefined: there is none, or it is wrong. */
function readLeaf(type: GraphQLLeafType, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  try {
    return type.parseValue(value);
  } catch {
    return undefined;
  }
}
