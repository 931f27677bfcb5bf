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
import { planOperationText } from "../text/index.js";
import { executeField } from "./execute-field.js";
import { executeAsText, type OperationPlan } from "./execute-text.js";
import { JsonResult } from "./json-result.js";
import { OperationRun } from "./operation-run.js";
import { planVariables } from "./read-variables.js";
import { finish, nullsAllData, ResultObject } from "./result.js";
import { SelectionPlan } from "./selection-plan.js";
import { SharedResults } from "./shared-results.js";

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
  const facts = { schema, operation, fragments };
  const conditions = conditionsOf(document);
  const plans = new Map<string, OperationPlan>();
  const isSerial = operation.operation === OperationTypeNode.MUTATION;
  const planFor = (variables: Readonly<Record<string, unknown>>): OperationPlan => {
    const key = conditions.map((name) => String(variables[name])).join();
    let plan = plans.get(key);
    if (plan === undefined) {
      const deciding = Object.fromEntries(conditions.map((name) => [name, variables[name]]));
      const options = { schema, fragments, variables: deciding };
      const selection = new SelectionPlan(options, type, [operation.selectionSet]);
      plan = { selection, text: isSerial ? undefined : planOperationText(options, selection.fields) };
      if (plans.size < maxPlans) plans.set(key, plan);
    }
    return plan;
  };
  const readVariables = planVariables(schema, operation.variableDefinitions ?? []);
  // Results that depend only on the event are shared between subscribers with equal variables.
  const shared = operation.operation === OperationTypeNode.SUBSCRIPTION ? new SharedResults() : undefined;
  return (given, context, rootValue) => {
    const known = shared?.find(rootValue, given);
    if (known !== undefined) return known;
    const { coerced: variables, errors = [] } = readVariables(given);
    if (variables === undefined) return { errors };
    const run = new OperationRun(facts, rootValue, context, variables);
    let plan: OperationPlan;
    try {
      plan = planFor(variables);
    } catch (error) {
      // A condition whose variable is null in spite of its default: passes validation, fails only here.
      if (error instanceof GraphQLError) return { errors: [error] };
      throw error;
    }
    if (isSerial) return executeSerially(run, plan.selection);
    const result =
      plan.text === undefined ? executeAsObjects(run, plan.selection) : executeAsText(run, plan, plan.text);
    if (shared === undefined || "then" in result || !run.isPure || result.errors !== undefined) return result;
    const kept = result instanceof JsonResult ? result : JsonResult.ofData(result.data as Record<string, unknown>);
    shared.keep(rootValue, given, kept);
    return kept;
  };
}

function executeAsObjects(run: OperationRun, selection: SelectionPlan): ExecutionResult | Promise<ExecutionResult> {
  const data = selection.execute(run, run.rootValue, undefined);
  const settled = run.allSettled();
  return settled === undefined ? finish(run, data) : settled.then(() => finish(run, data));
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
