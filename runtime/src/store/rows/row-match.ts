import type { RowCondition, RowValue } from "../ports/index.js";
import type { RowFields } from "./row-fields.js";
import { compareUtf8 } from "./utf8-order.js";

/** Whether a row with these fields meets all conditions. Stores with their own query language must return the same rows. */
export function matchesAll(fields: RowFields, conditions: readonly RowCondition[]): boolean {
  return conditions.every((condition) => matches(fields.get(condition.field), condition));
}

/**
 * Returns the values that a condition compares with: several for `in`, otherwise one. Omits NaN, which equals nothing, and a list
 * where a single value is expected.
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

/** undefined: the values are of different kinds and do not compare. */
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
