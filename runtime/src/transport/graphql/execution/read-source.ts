import { type FieldNode, type GraphQLFieldResolver, getArgumentValues, Kind, visit } from "graphql";
import { isReader } from "../schema/index.js";
import { type FieldFacts, placeOfField, type ReadSource } from "./plan.js";
import { toInfo } from "./resolve-info.js";
import type { Run } from "./run.js";

const noArguments: Readonly<Record<string, unknown>> = Object.freeze({});

/** How the value of a field is got: by its resolver, or else as the property of its name. */
export function planRead(facts: FieldFacts): ReadSource {
  const resolve = facts.field.resolve as GraphQLFieldResolver<unknown, unknown> | undefined;
  if (resolve === undefined) return planProperty(facts);
  // It looks at nothing else, so nothing else is made.
  if (isReader(resolve)) return (run, source) => resolve(source, noArguments, run.context);
  const args = planArguments(facts);
  return (run, source, around) =>
    resolve(source, args(run), run.context, toInfo(run, facts, placeOfField(facts, around)));
}

/** As graphql-js does it: a property that is a function is called. */
function planProperty(facts: FieldFacts): ReadSource {
  const { name } = facts.field;
  const args = planArguments(facts);
  const read: ReadSource = (run, source, around) => {
    if ((typeof source !== "object" || source === null) && typeof source !== "function") return undefined;
    const value = (source as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== "function") return value;
    return value.call(source, args(run), run.context, toInfo(run, facts, placeOfField(facts, around)));
  };
  if (facts.field.args.length === 0) return read;
  return (run, source, around) => {
    // Arguments that cannot be read are an error, whether or not somebody wants them.
    args(run);
    return read(run, source, around);
  };
}

/** Arguments without variables are read once; whoever gets them may do with them what they like. */
function planArguments({ field, nodes }: FieldFacts): (run: Run) => Record<string, unknown> {
  const node = nodes[0] as FieldNode;
  if (field.args.length === 0) return () => ({});
  if (usesVariables(node)) return (run) => getArgumentValues(field, node, run.variables);
  let known: Record<string, unknown> | undefined;
  return (run) => {
    const first = known === undefined;
    known ??= getArgumentValues(field, node, run.variables);
    // Those of a nested kind are read anew: a copy could not be told from what a scalar has made of them.
    if (first || !Object.values(known).every(isPlain)) return getArgumentValues(field, node, run.variables);
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
