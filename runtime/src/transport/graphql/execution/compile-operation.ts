import {
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  versionInfo,
  visit,
} from "graphql";
import { executeField } from "./execute-field.js";
import { Run } from "./operation-run.js";
import { planVariables } from "./read-variables.js";
import { finish, ResultObject, takesAll } from "./result.js";
import { SelectionPlan } from "./selection-plan.js";
import { SharedResult, SharedResults } from "./shared-results.js";

/** Executes an operation of a valid document. */
export type CompiledOperation = (
  variables: Readonly<Record<string, unknown>>,
  context: unknown,
  rootValue?: unknown,
) => ExecutionResult | Promise<ExecutionResult>;

/** How many plans are kept of an operation whose variables decide which fields are asked for. */
const mostPlans = 16;

/**
 * Puts together what executes an operation, as graphql-js 16 would. What is asked of a type is worked out when the first value of
 * it comes. undefined: with another graphql-js, which is then to execute it by itself.
 */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompiledOperation | undefined {
  const type = schema.getRootType(operation.operation);
  if (versionInfo.major !== 16 || type === undefined || type === null) return undefined;
  const fragments = fragmentsOf(document);
  const conditions = conditionsOf(document);
  const plans = new Map<string, SelectionPlan>();
  const planFor = (variables: Readonly<Record<string, unknown>>): SelectionPlan => {
    const key = conditions.map((name) => String(variables[name])).join();
    let plan = plans.get(key);
    if (plan === undefined) {
      const deciding = Object.fromEntries(conditions.map((name) => [name, variables[name]]));
      plan = new SelectionPlan({ schema, fragments, variables: deciding }, type, [operation.selectionSet]);
      if (plans.size < mostPlans) plans.set(key, plan);
    }
    return plan;
  };
  const readVariables = planVariables(schema, operation.variableDefinitions ?? []);
  const inTurn = operation.operation === OperationTypeNode.MUTATION;
  // Of what only reads the event, those who ask the same get the same.
  const shared = operation.operation === OperationTypeNode.SUBSCRIPTION ? new SharedResults() : undefined;
  return (given, context, rootValue) => {
    const known = shared?.find(rootValue, given);
    if (known !== undefined) return known;
    const { coerced: variables, errors = [] } = readVariables(given);
    if (variables === undefined) return { errors };
    const run = new Run({ schema, operation, fragments, rootValue, context, variables });
    let plan: SelectionPlan;
    try {
      plan = planFor(variables);
    } catch (error) {
      // A condition whose variable is null though it has a default: valid by the rules, and found out only here.
      if (error instanceof GraphQLError) return { errors: [error] };
      throw error;
    }
    if (inTurn) return executeInTurn(run, plan);
    const data = plan.execute(run, rootValue, undefined);
    const settled = run.settled();
    if (settled !== undefined) return settled.then(() => finish(run, data));
    if (shared === undefined || !run.isPure || run.failures.length > 0) return finish(run, data);
    const result = new SharedResult(data);
    shared.keep(rootValue, given, result);
    return result;
  };
}

/** Mutations, each when the one before has ended; none after one that takes all of the data with it. */
async function executeInTurn(run: Run, { fields }: SelectionPlan): Promise<ExecutionResult> {
  const data = new ResultObject();
  for (const field of fields) {
    executeField(run, field, run.rootValue, undefined, data);
    await run.settled();
    if (run.failures.some(takesAll)) break;
  }
  return finish(run, data);
}

function fragmentsOf({ definitions }: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  return fragments;
}

/** The variables on which it depends whether something is asked for. */
function conditionsOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    [Kind.DIRECTIVE]: (node) => {
      if (node.name.value !== "skip" && node.name.value !== "include") return;
      for (const { value } of node.arguments ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
