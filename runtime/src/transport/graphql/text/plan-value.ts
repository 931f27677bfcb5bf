import {
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { isPure } from "../schema/index.js";
import { Unsupported, Unwritable } from "./failures.js";
import { planLeaf } from "./leaf-text.js";
import type { Frame, ValuePlan } from "./text-run.js";

/** The selection of an object type. */
export interface Selection {
  request(frame: Frame, source: object): void;
  write(frame: Frame, source: object): string;
}

/** How the selections of a field are planned. */
export interface Selections {
  readonly schema: GraphQLSchema;
  /** Whether any of them may refer to values by key. */
  readonly mayRefer: boolean;
  /** Plans that of the object type of a value. */
  select(type: GraphQLObjectType): Selection;
}

/** Plans the writing of values of a type. */
export function planValue(selections: Selections, type: GraphQLOutputType, required = false): ValuePlan {
  if (isNonNullType(type)) return planValue(selections, type.ofType, true);
  if (isListType(type)) return planList(planValue(selections, type.ofType), required);
  if (isLeafType(type)) {
    const writeLeaf = planLeaf(type, required);
    return { request: undefined, write: (_frame, value) => writeLeaf(value) };
  }
  const find = isAbstractType(type) ? planAbstract(selections, type) : planObject(selections, type);
  const request = (frame: Frame, value: unknown): void => {
    if (isSource(value)) find(value).request(frame, value);
  };
  const write = (frame: Frame, value: unknown): string => {
    if (isSource(value)) return find(value).write(frame, value);
    if (required || (value !== null && value !== undefined)) throw new Unwritable();
    return "null";
  };
  return { request: selections.mayRefer ? request : undefined, write };
}

function planList(item: ValuePlan, required: boolean): ValuePlan {
  const { request: requestItem, write: writeItem } = item;
  const write = (frame: Frame, value: unknown): string => {
    if (!Array.isArray(value)) {
      if (required || (value !== null && value !== undefined)) throw new Unwritable();
      return "null";
    }
    const { length } = value;
    if (length === 0) return "[]";
    let text = `[${writeItem(frame, value[0])}`;
    for (let at = 1; at < length; at++) text += `,${writeItem(frame, value[at])}`;
    return `${text}]`;
  };
  const request = (frame: Frame, value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) requestItem?.(frame, one);
  };
  return { request: requestItem && request, write };
}

/** Finds the selection of a value, which is planned when the first one arrives. */
type FindSelection = (value: object) => Selection;

function planObject({ select }: Selections, type: GraphQLObjectType): FindSelection {
  checkType(type);
  let selection: Selection | undefined;
  return () => {
    selection ??= select(type);
    return selection;
  };
}

function planAbstract({ schema, select }: Selections, type: GraphQLAbstractType): FindSelection {
  const { resolveType } = type;
  // One that is not pure may need arguments that are not prepared here.
  if (resolveType === undefined || resolveType === null || !isPure(resolveType)) throw new Unsupported();
  const nameOf = resolveType as (value: unknown) => unknown;
  const known = new Map<unknown, Selection>();
  return (value) => {
    const name = nameOf(value);
    let selection = known.get(name);
    if (selection === undefined) {
      const found = typeof name === "string" ? schema.getType(name) : undefined;
      if (!isObjectType(found) || !schema.isSubType(type, found)) throw new Unwritable();
      checkType(found);
      selection = select(found);
      known.set(name, selection);
    }
    return selection;
  };
}

function checkType({ isTypeOf }: GraphQLObjectType): void {
  if (isTypeOf !== undefined && isTypeOf !== null) throw new Unsupported();
}

/** Whether a value is an object whose fields can be read now: neither a promise nor an error. */
function isSource(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then !== "function" &&
    !(value instanceof Error)
  );
}
