import type { GraphQLResolveInfo } from "graphql";
import type { FieldFacts } from "./field-plan.js";
import type { OperationRun, ResultPath } from "./operation-run.js";

/** Creates the `info` argument of resolvers, as graphql-js does. */
export function toInfo(run: OperationRun, { field, nodes, parent }: FieldFacts, path: ResultPath): GraphQLResolveInfo {
  const { rootValue, variables } = run;
  const { schema, operation, fragments } = run.facts;
  return {
    fieldName: field.name,
    fieldNodes: nodes,
    returnType: field.type,
    parentType: parent,
    path,
    schema,
    fragments,
    rootValue,
    operation,
    variableValues: variables,
  };
}
