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

/** The coerced variables, or the errors. */
export interface ReadVariables {
  /** Has no prototype, so that an absent variable named `constructor` is undefined. */
  readonly coerced?: Variables;
  readonly errors?: readonly GraphQLError[];
}

/** Maximum number of errors that are reported for one request. */
const maxErrors = 50;

/** Plans the reading of variables. Reads valid scalars and enums directly, and leaves everything else to graphql-js. */
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

/** undefined: the value is absent or invalid. */
function readLeaf(type: GraphQLLeafType, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  try {
    return type.parseValue(value);
  } catch {
    return undefined;
  }
}
