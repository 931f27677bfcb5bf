import type { GraphQLResolveInfo } from "graphql";
import type { FieldFacts } from "./field-plan.js";
import type { Place, Run } from "./operation-run.js";

/** What graphql-js tells resolvers of where they are. */
export function toInfo(run: Run, { field, nodes, parent }: FieldFacts, path: Place): GraphQLResolveInfo {
  const { schema, operation, fragments, rootValue, variables } = run;
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
