import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLObjectType,
  isObjectType,
} from "graphql";
import { isPure } from "../schema/index.js";
import { type CompleteValue, completeNull, type FieldFacts, type Selection, toFieldPath } from "./field-plan.js";
import { isPromise, type OperationRun, PendingValue, type ResultPath } from "./operation-run.js";
import { toInfo } from "./resolve-info.js";

type Select = (type: GraphQLObjectType) => Selection;

export function planObject(type: GraphQLObjectType, select: Select, required: boolean): CompleteValue {
  // Planned when the first value arrives.
  let selection: Selection | undefined;
  const execute: CompleteValue = (run, value, facts, path) => {
    if (value === null || value === undefined) return completeNull(required, facts);
    if (value instanceof Error) throw value;
    selection ??= select(type);
    return selection.execute(run, value, path);
  };
  const { isTypeOf } = type;
  if (isTypeOf === undefined || isTypeOf === null) return execute;
  return (run, value, facts, path) => {
    if (value === null || value === undefined || value instanceof Error) return execute(run, value, facts, path);
    const check = (is: boolean): unknown => {
      if (is) return execute(run, value, facts, path);
      throw new GraphQLError(`Expected value of type "${type.name}" but got another.`, { nodes: facts.nodes });
    };
    run.isPure = false;
    const is = isTypeOf(value, run.context, infoAt(run, facts, path));
    return isPromise(is) ? new PendingValue(is.then((one) => check(one === true))) : check(is);
  };
}

/** Completes interfaces and unions, whose object type is resolved for each value. */
export function planAbstract(type: GraphQLAbstractType, select: Select, required: boolean): CompleteValue {
  const plans = new Map<GraphQLObjectType, CompleteValue>();
  const planOf = (object: GraphQLObjectType): CompleteValue => {
    let plan = plans.get(object);
    if (plan === undefined) {
      plan = planObject(object, select, required);
      plans.set(object, plan);
    }
    return plan;
  };
  return (run, value, facts, path) => {
    if (value === null || value === undefined) return completeNull(required, facts);
    if (value instanceof Error) throw value;
    const resolveType = type.resolveType ?? defaultTypeResolver;
    if (!isPure(resolveType)) run.isPure = false;
    const name = resolveType(value, run.context, infoAt(run, facts, path), type);
    const complete = (one: unknown) => planOf(findType(run, type, one, facts))(run, value, facts, path);
    if (!isPromise(name)) return complete(name);
    return new PendingValue(
      name.then(complete).then((completed) => (completed instanceof PendingValue ? completed.promise : completed)),
    );
  };
}

function infoAt(run: OperationRun, facts: FieldFacts, path: ResultPath | undefined) {
  // Type resolvers receive the path of the field, also for the items of a list.
  let at = path;
  while (at !== undefined && at.typename === undefined) at = at.prev;
  return toInfo(run, facts, at ?? toFieldPath(facts, undefined));
}

function findType(run: OperationRun, type: GraphQLAbstractType, name: unknown, facts: FieldFacts): GraphQLObjectType {
  const field = `${facts.parent.name}.${facts.field.name}`;
  const fault = (why: string) => new GraphQLError(why, { nodes: facts.nodes });
  if (typeof name !== "string") {
    throw fault(
      `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${field}". Either the "${type.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
    );
  }
  const found = run.facts.schema.getType(name);
  if (!isObjectType(found) || !run.facts.schema.isSubType(type, found)) {
    throw fault(`Runtime Object type "${name}" is not a possible type for "${type.name}".`);
  }
  return found;
}
