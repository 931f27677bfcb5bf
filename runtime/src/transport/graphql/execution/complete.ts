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
import { type CompleteValue, completeNull, type Selection } from "./field-plan.js";

/** Plans the completion of values of a type. `select`: plans the selection of the object type of a value. */
export function planComplete(
  type: GraphQLOutputType,
  select: (type: GraphQLObjectType) => Selection,
  required = false,
): CompleteValue {
  if (isNonNullType(type)) return planComplete(type.ofType, select, true);
  if (isListType(type)) {
    const { ofType } = type;
    const items = { leaf: isLeaf(ofType), nullable: !isNonNullType(ofType) };
    return planList(planComplete(ofType, select), items, required);
  }
  if (isLeafType(type)) return planLeaf(type, required);
  return isAbstractType(type) ? planAbstract(type, select, required) : planObject(type, select, required);
}

export function isLeaf(type: GraphQLOutputType): boolean {
  return isLeafType(isNonNullType(type) ? type.ofType : type);
}

function planLeaf(type: GraphQLLeafType, required: boolean): CompleteValue {
  const isRight = known.get(type.name) ?? never;
  return (_run, value, facts) => {
    if (isRight(value)) return value;
    if (value === null || value === undefined) return completeNull(required, facts);
    if (value instanceof Error) throw value;
    const text = type.serialize(value);
    if (text !== null && text !== undefined) return text;
    throw new Error(`Expected \`${type.name}.serialize\` to return non-nullable value, returned: ${String(text)}`);
  };
}

const never = (): boolean => false;

/** Values that the scalars of the specification serialise unchanged. Their names are reserved. */
const known: ReadonlyMap<string, (value: unknown) => boolean> = new Map<string, (value: unknown) => boolean>([
  ["String", (value) => typeof value === "string"],
  ["ID", (value) => typeof value === "string"],
  ["Boolean", (value) => typeof value === "boolean"],
  ["Int", (value) => typeof value === "number" && (value | 0) === value && !Object.is(value, -0)],
  ["Float", (value) => typeof value === "number" && Number.isFinite(value)],
]);
