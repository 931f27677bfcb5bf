import type { GraphQLFieldResolver } from "graphql";
import { isReader } from "../schema/index.js";
import { type FieldFacts, placeOfField, type ReadSource } from "./plan.js";
import { planArguments } from "./read-arguments.js";
import { toInfo } from "./resolve-info.js";

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
