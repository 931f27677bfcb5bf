import {
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
} from "graphql";
import { planList } from "./complete-list.js";
import { planAbstract, planObject } from "./complete-object.js";
import type { Complete, Selection } from "./plan.js";

/** How values of a type are completed. `select`: what is asked of an object type that they turn out to have. */
export function planComplete(type: GraphQLOutputType, select: (type: GraphQLObjectType) => Selection): Complete {
  if (isNonNullType(type)) return planNonNull(planComplete(type.ofType, select));
  if (isListType(type)) {
    const { ofType } = type;
    const facts = { leaf: isLeaf(ofType), nullable: !isNonNullType(ofType) };
    return planList(planComplete(ofType, select), facts);
  }
  if (isLeafType(type)) return planLeaf(type);
  return isAbstractType(type) ? planAbstract(type, select) : planObject(type, select);
}

export function isLeaf(type: GraphQLOutputType): boolean {
  return isLeafType(isNonNullType(type) ? type.ofType : type);
}

function planNonNull(complete: Complete): Complete {
  return (run, value, facts, place) => {
    const completed = complete(run, value, facts, place);
    if (completed !== null && completed !== undefined) return completed;
    throw new Error(`Cannot return null for non-nullable field ${facts.parent.name}.${facts.field.name}.`);
  };
}

function planLeaf(type: GraphQLLeafType): Complete {
  const isRight = known.get(type.name);
  return (_run, value) => {
    if (value === null || value === undefined) return null;
    if (isRight?.(value) === true) return value;
    if (value instanceof Error) throw value;
    const text = type.serialize(value);
    if (text !== null && text !== undefined) return text;
    throw new Error(`Expected \`${type.name}.serialize\` to return non-nullable value, returned: ${String(text)}`);
  };
}

/** What scalars of the specification answer as it is: nobody else may call a scalar so. */
const known: ReadonlyMap<string, (value: unknown) => boolean> = new Map<string, (value: unknown) => boolean>([
  ["String", (value) => typeof value === "string"],
  ["ID", (value) => typeof value === "string"],
  ["Boolean", (value) => typeof value === "boolean"],
  ["Int", (value) => typeof value === "number" && (value | 0) === value && !Object.is(value, -0)],
  ["Float", (value) => typeof value === "number" && Number.isFinite(value)],
]);
