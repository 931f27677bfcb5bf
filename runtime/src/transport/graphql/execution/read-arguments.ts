import {
  type FieldNode,
  type GraphQLArgument,
  getArgumentValues,
  isNonNullType,
  Kind,
  valueFromAST,
  visit,
} from "graphql";
import type { FieldFacts } from "./field-plan.js";
import type { OperationRun } from "./operation-run.js";

type Arguments = Record<string, unknown>;

/** Plans the reading of arguments. Each call returns a new object, which the resolver may change. */
export function planArguments({ field, nodes }: Pick<FieldFacts, "field" | "nodes">): (run: OperationRun) => Arguments {
  const node = nodes[0] as FieldNode;
  if (field.args.length === 0) return () => ({});
  const readAll = (run: OperationRun): Arguments => getArgumentValues(field, node, run.variables);
  if (!usesVariables(node)) return planConstant(readAll);
  const parts: Part[] = [];
  for (const argument of field.args) {
    const part = planPart(argument, node);
    if (part === "unknown") return readAll;
    if (part !== undefined) parts.push(part);
  }
  return (run) => {
    const args: Arguments = {};
    for (const { name, variable, value } of parts) {
      const given = variable === undefined ? value : run.variables[variable];
      if (given === undefined || given === null) return readAll(run);
      args[name] = given;
    }
    return args;
  };
}

/** An argument that is a variable or a scalar. */
interface Part {
  readonly name: string;
  readonly variable: string | undefined;
  readonly value: unknown;
}

/** undefined: the argument is absent. "unknown": graphql-js must read it. */
function planPart({ name, type, defaultValue }: GraphQLArgument, node: FieldNode): Part | "unknown" | undefined {
  const given = node.arguments?.find((one) => one.name.value === name)?.value;
  if (given === undefined) {
    if (defaultValue !== undefined)
      return isPlain(defaultValue) ? { name, variable: undefined, value: defaultValue } : "unknown";
    return isNonNullType(type) ? "unknown" : undefined;
  }
  if (given.kind === Kind.VARIABLE) return { name, variable: given.name.value, value: undefined };
  const value = valueFromAST(given, type);
  return isPlain(value) ? { name, variable: undefined, value } : "unknown";
}

/** Reads arguments without variables once. */
function planConstant(readAll: (run: OperationRun) => Arguments): (run: OperationRun) => Arguments {
  let known: Arguments | undefined;
  return (run) => {
    const first = known === undefined;
    known ??= readAll(run);
    // Objects are read each time: they cannot be copied, since a custom scalar may have created them.
    if (first || !Object.values(known).every(isPlain)) return readAll(run);
    return { ...known };
  };
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

function usesVariables({ arguments: given = [] }: FieldNode): boolean {
  let found = false;
  const note = (): void => {
    found = true;
  };
  for (const argument of given) visit(argument, { [Kind.VARIABLE]: note });
  return found;
}
