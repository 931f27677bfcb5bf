import { type GraphQLFieldResolver, TypeNameMetaFieldDef } from "graphql";
import { isPure, isSourceResolver, referenceOf, type SourceResolver } from "../schema/index.js";
import { type FieldFacts, type ReadSource, toFieldPath } from "./field-plan.js";
import { planArguments } from "./read-arguments.js";
import { toInfo } from "./resolve-info.js";

const noArguments: Readonly<Record<string, unknown>> = Object.freeze({});

/** Plans the reading of a field: by its resolver, or else from the property of its name. */
export function planRead(facts: FieldFacts): ReadSource {
  if (facts.field === TypeNameMetaFieldDef) return () => facts.parent.name;
  const resolve = facts.field.resolve as GraphQLFieldResolver<unknown, unknown> | undefined;
  if (resolve === undefined) return planProperty(facts);
  // It reads nothing else, so neither arguments nor `info` are prepared.
  if (isSourceResolver(resolve)) return planReader(resolve);
  const args = planArguments(facts);
  return (run, source, parentPath) => {
    run.isPure = false;
    return resolve(source, args(run), run.context, toInfo(run, facts, toFieldPath(facts, parentPath)));
  };
}

function planReader(read: SourceResolver): ReadSource {
  if (isPure(read)) return (run, source) => read(source, noArguments, run.context);
  const reference = referenceOf(read);
  return (run, source) => {
    run.isPure = false;
    if (reference !== undefined && run.requested !== undefined) {
      const key = reference.key(source);
      const known = key === undefined ? undefined : run.requested.requestOf(reference, key);
      if (known !== undefined) return known.promise;
    }
    return read(source, noArguments, run.context);
  };
}

/** Reads a property, and calls it if it is a function, as graphql-js does. */
function planProperty(facts: FieldFacts): ReadSource {
  const { name } = facts.field;
  const args = planArguments(facts);
  const read: ReadSource = (run, source, parentPath) => {
    if ((typeof source !== "object" || source === null) && typeof source !== "function") return undefined;
    const value = (source as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== "function") return value;
    run.isPure = false;
    return value.call(source, args(run), run.context, toInfo(run, facts, toFieldPath(facts, parentPath)));
  };
  if (facts.field.args.length === 0) return read;
  return (run, source, parentPath) => {
    // Invalid arguments are an error even if nothing uses them.
    args(run);
    return read(run, source, parentPath);
  };
}
