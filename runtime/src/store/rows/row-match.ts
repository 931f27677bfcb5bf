import type { RowCondition, RowValue } from "../ports/index.js";
import type { RowFields } from "./row-fields.js";
import { compareUtf8 } from "./utf8-order.js";

/** Whether a row with these fields meets all conditions. What stores with a query language of their own must agree with. */
export function matchesAll(fields: RowFields, conditions: readonly RowCondition[]): boolean {
  return conditions.every((condition) => matches(fields.get(condition.field), condition));
}

/**
 * The values that a condition compares with: one, but for `in`. NaN equals nothing, so it is none; neither is a
 * list where one value belongs.
 */
export function toOperands({ op, value }: RowCondition): readonly RowValue[] {
  const values = isList(value) ? (op === "in" ? value : []) : [value];
  return values.filter((v) => !Number.isNaN(v));
}

function matches(actual: RowValue | undefined, condition: RowCondition): boolean {
  const operands = toOperands(condition);
  if (condition.op === "ne") return !operands.some((operand) => compare(actual, operand) === 0);
  return operands.some((operand) => {
    const order = compare(actual, operand);
    return order !== undefined && holds(order, condition.op);
  });
}

function holds(order: number, op: RowCondition["op"]): boolean {
  switch (op) {
    case "lt":
      return order < 0;
    case "lte":
      return order <= 0;
    case "gt":
      return order > 0;
    case "gte":
      return order >= 0;
    default:
      return order === 0;
  }
}

/** undefined: not of one kind, so neither equal nor one before the other. */
function compare(a: RowValue | undefined, b: RowValue): number | undefined {
  if (typeof a === "string") return typeof b === "string" ? compareUtf8(a, b) : undefined;
  if (typeof a === "boolean") return typeof b === "boolean" ? Number(a) - Number(b) : undefined;
  if (a === undefined || typeof b === "string" || typeof b === "boolean") return undefined;
  // JavaScript compares numbers and bigints with one another by their exact value.
  return a < b ? -1 : a > b ? 1 : 0;
}

function isList(value: RowCondition["value"]): value is readonly RowValue[] {
  return Array.isArray(value);
}
