import { type GraphQLFieldResolver, TypeNameMetaFieldDef } from "graphql";
import { isPure, isReader, type Reader } from "../schema/index.js";
import { type FieldFacts, placeOfField, type ReadSource } from "./field-plan.js";
import { planArguments } from "./read-arguments.js";
import { toInfo } from "./resolve-info.js";

const noArguments: Readonly<Record<string, unknown>> = Object.freeze({});

/** How the value of a field is got: by its resolver, or else as the property of its name. */
export function planRead(facts: FieldFacts): ReadSource {
  if (facts.field === TypeNameMetaFieldDef) return () => facts.parent.name;
  const resolve = facts.field.resolve as GraphQLFieldResolver<unknown, unknown> | undefined;
  if (resolve === undefined) return planProperty(facts);
  // It looks at nothing else, so nothing else is made.
  if (isReader(resolve)) return planReader(resolve);
  const args = planArguments(facts);
  return (run, source, around) => {
    run.isPure = false;
    return resolve(source, args(run), run.context, toInfo(run, facts, placeOfField(facts, around)));
  };
}

function planReader(read: Reader): ReadSource {
  if (isPure(read)) return (run, source) => read(source, noArguments, run.context);
  return (run, source) => {
    run.isPure = false;
    return read(source, noArguments, run.context);
  };
}

/** As graphql-js does it: a property that is a function is called. */
function planProperty(facts: FieldFacts): ReadSource {
  const { name } = facts.field;
  const args = planArguments(facts);
  const read: ReadSource = (run, source, around) => {
    if ((typeof source !== "object" || source === null) && typeof source !== "function") return undefined;
    const value = (source as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== "function") return value;
    run.isPure = false;
    return value.call(source, args(run), run.context, toInfo(run, facts, placeOfField(facts, around)));
  };
  if (facts.field.args.length === 0) return read;
  return (run, source, around) => {
    // Arguments that cannot be read are an error, whether or not somebody wants them.
    args(run);
    return read(run, source, around);
  };
}
