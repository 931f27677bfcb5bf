import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLObjectType,
  isObjectType,
} from "graphql";
import { isPure } from "../schema/index.js";
import { type Complete, completeNull, type FieldFacts, placeOfField, type Selection } from "./field-plan.js";
import { isPromise, Later, type Place, type Run } from "./operation-run.js";
import { toInfo } from "./resolve-info.js";

type Select = (type: GraphQLObjectType) => Selection;

export function planObject(type: GraphQLObjectType, select: Select, required: boolean): Complete {
  // Put together when there is first something to be put into it.
  let selection: Selection | undefined;
  const execute: Complete = (run, value, facts, place) => {
    if (value === null || value === undefined) return completeNull(required, facts);
    if (value instanceof Error) throw value;
    selection ??= select(type);
    return selection.execute(run, value, place);
  };
  const { isTypeOf } = type;
  if (isTypeOf === undefined || isTypeOf === null) return execute;
  return (run, value, facts, place) => {
    if (value === null || value === undefined || value instanceof Error) return execute(run, value, facts, place);
    const check = (is: boolean): unknown => {
      if (is) return execute(run, value, facts, place);
      throw new GraphQLError(`Expected value of type "${type.name}" but got another.`, { nodes: facts.nodes });
    };
    run.isPure = false;
    const is = isTypeOf(value, run.context, infoAt(run, facts, place));
    return isPromise(is) ? new Later(is.then((one) => check(one === true))) : check(is);
  };
}

/** Interfaces and unions: which object type it is, is found out of each value. */
export function planAbstract(type: GraphQLAbstractType, select: Select, required: boolean): Complete {
  const plans = new Map<GraphQLObjectType, Complete>();
  const planOf = (object: GraphQLObjectType): Complete => {
    let plan = plans.get(object);
    if (plan === undefined) {
      plan = planObject(object, select, required);
      plans.set(object, plan);
    }
    return plan;
  };
  return (run, value, facts, place) => {
    if (value === null || value === undefined) return completeNull(required, facts);
    if (value instanceof Error) throw value;
    const resolveType = type.resolveType ?? defaultTypeResolver;
    if (!isPure(resolveType)) run.isPure = false;
    const name = resolveType(value, run.context, infoAt(run, facts, place), type);
    const complete = (one: unknown) => planOf(findType(run, type, one, facts))(run, value, facts, place);
    if (!isPromise(name)) return complete(name);
    return new Later(
      name.then(complete).then((completed) => (completed instanceof Later ? completed.promise : completed)),
    );
  };
}

function infoAt(run: Run, facts: FieldFacts, place: Place | undefined) {
  // Resolvers of types are told of the field, also within a list.
  let at = place;
  while (at !== undefined && at.typename === undefined) at = at.prev;
  return toInfo(run, facts, at ?? placeOfField(facts, undefined));
}

function findType(run: Run, type: GraphQLAbstractType, name: unknown, facts: FieldFacts): GraphQLObjectType {
  const field = `${facts.parent.name}.${facts.field.name}`;
  const fault = (why: string) => new GraphQLError(why, { nodes: facts.nodes });
  if (typeof name !== "string") {
    throw fault(
      `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${field}". Either the "${type.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
    );
  }
  const found = run.schema.getType(name);
  if (!isObjectType(found) || !run.schema.isSubType(type, found)) {
    throw fault(`Runtime Object type "${name}" is not a possible type for "${type.name}".`);
  }
  return found;
}
