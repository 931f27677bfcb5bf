import type { RowCondition, RowValue } from "../../store/ports/index.js";
import { toOperands } from "../../store/rows/index.js";
import type { SqlValue } from "../driver/index.js";
import { escapeNul, toJsonObject, toNumeral } from "../values/index.js";

const operators = { lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;

/**
 * Builds the SQL of conditions on the column `fields`, each with ` AND ` before it. Equality is containment, which the
 * index on `fields` supports. Comparisons check the type of the value first, as the in-memory store does.
 *
 * @param values the parameters so far; the values of the conditions are appended.
 */
export function buildConditions(conditions: readonly RowCondition[], values: SqlValue[]): string {
  const bind = (value: SqlValue) => `$${values.push(value)}`;
  return conditions.map((condition) => ` AND ${buildCondition(condition, bind)}`).join("");
}

function buildCondition(condition: RowCondition, bind: (value: SqlValue) => string): string {
  const { field, op } = condition;
  const operands = toOperands(condition);
  if (op === "eq" || op === "in" || op === "ne") {
    const objects = operands.map((operand) => toJsonObject([[field, operand]]));
    const contained = buildContained(objects, bind);
    return op === "ne" ? `NOT ${contained}` : contained;
  }
  const [operand] = operands;
  return operand === undefined ? "false" : buildOrder(field, operators[op], operand, bind);
}

function buildContained(objects: readonly string[], bind: (value: SqlValue) => string): string {
  if (objects.length === 1) return `(fields @> ${bind(objects[0] as string)}::text::jsonb)`;
  return `(fields @> ANY (${bind(objects)}::text[]::jsonb[]))`;
}

function buildOrder(field: string, operator: string, operand: RowValue, bind: (value: SqlValue) => string): string {
  const name = `${bind(escapeNul(field))}::text`;
  const when = (kind: string, comparison: string) =>
    `(CASE WHEN jsonb_typeof(fields -> ${name}) = '${kind}' THEN ${comparison} ELSE false END)`;
  if (typeof operand === "string") {
    return when("string", `(fields ->> ${name}) COLLATE "C" ${operator} ${bind(escapeNul(operand))}::text`);
  }
  if (typeof operand === "boolean")
    return when("boolean", `(fields ->> ${name})::boolean ${operator} ${bind(operand)}::boolean`);
  return when("number", `(fields ->> ${name})::numeric ${operator} ${bind(toNumeral(operand))}::text::numeric`);
}
