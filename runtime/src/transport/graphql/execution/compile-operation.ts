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
import { OperationRun } from "./operation-run.js";
import { planVariables } from "./read-variables.js";
import { finish, nullsAllData, ResultObject } from "./result.js";
import { SelectionPlan } from "./selection-plan.js";
import { SharedResult, SharedResults } from "./shared-results.js";

/** Executes an operation of a valid document. `rootValue`: the event of a subscription. */
export type CompiledOperation = (
  variables: Readonly<Record<string, unknown>>,
  context: unknown,
  rootValue?: unknown,
) => ExecutionResult | Promise<ExecutionResult>;

/** Maximum number of plans of an operation whose variables decide which fields are selected. */
const maxPlans = 16;

/**
 * Compiles an operation, which then executes as in graphql-js 16. Plans the selection of an object type when its first value
 * arrives. undefined: another version of graphql-js is installed, which must execute the operation itself.
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
      if (plans.size < maxPlans) plans.set(key, plan);
    }
    return plan;
  };
  const readVariables = planVariables(schema, operation.variableDefinitions ?? []);
  const isSerial = operation.operation === OperationTypeNode.MUTATION;
  // Results that depend only on the event are shared between subscribers with equal variables.
  const shared = operation.operation === OperationTypeNode.SUBSCRIPTION ? new SharedResults() : undefined;
  return (given, context, rootValue) => {
    const known = shared?.find(rootValue, given);
    if (known !== undefined) return known;
    const { coerced: variables, errors = [] } = readVariables(given);
    if (variables === undefined) return { errors };
    const run = new OperationRun({ schema, operation, fragments, rootValue, context, variables });
    let plan: SelectionPlan;
    try {
      plan = planFor(variables);
    } catch (error) {
      // A condition whose variable is null in spite of its default: passes validation, fails only here.
      if (error instanceof GraphQLError) return { errors: [error] };
      throw error;
    }
    if (isSerial) return executeSerially(run, plan);
    const data = plan.execute(run, rootValue, undefined);
    const settled = run.allSettled();
    if (settled !== undefined) return settled.then(() => finish(run, data));
    if (shared === undefined || !run.isPure || run.failures.length > 0) return finish(run, data);
    const result = new SharedResult(data);
    shared.keep(rootValue, given, result);
    return result;
  };
}

/** Executes mutations one after another, and stops after one that sets all data to null. */
async function executeSerially(run: OperationRun, { fields }: SelectionPlan): Promise<ExecutionResult> {
  const data = new ResultObject();
  for (const field of fields) {
    executeField(run, field, run.rootValue, undefined, data);
    await run.allSettled();
    if (run.failures.some(nullsAllData)) break;
  }
  return finish(run, data);
}

function fragmentsOf({ definitions }: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  return fragments;
}

/** The variables of `@skip` and `@include`. */
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
