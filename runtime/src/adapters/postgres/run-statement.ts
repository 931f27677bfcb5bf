// Statements on one connection of pg: values as PostgreSQL takes them, errors as PotterErrors.
import type pg from "pg";
import {
  SqlArray,
  type SqlReaders,
  type SqlResult,
  type SqlRow,
  type SqlStatement,
  type SqlValue,
  toPotterError,
} from "../../sql/index.js";
import { toBinaryArrays } from "./binary-array.js";
import { medium } from "./connections/index.js";
import { readBy, types } from "./types.js";

export async function run(
  on: pg.Pool | pg.PoolClient,
  statement: SqlStatement,
  values: readonly SqlValue[],
): Promise<readonly SqlRow[]> {
  try {
    return (await on.query({ ...statement, values: toParameters(values), types })).rows;
  } catch (error) {
    throw toPotterError(error, medium);
  }
}

export async function execute(
  on: pg.Pool | pg.PoolClient,
  statement: SqlStatement,
  values: readonly SqlValue[],
  readers: SqlReaders,
): Promise<SqlResult> {
  try {
    const result = await on.query({ ...statement, values: toParameters(values), types: readBy(readers) });
    return { rows: result.rows, count: result.rowCount ?? 0 };
  } catch (error) {
    throw toPotterError(error, medium);
  }
}

function toParameters(values: readonly SqlValue[]): unknown[] {
  const arrays = values.filter((value) => value instanceof SqlArray);
  if (arrays.length === 0) return [...values];
  const encoded = toBinaryArrays(arrays);
  let next = 0;
  return values.map((value) => (value instanceof SqlArray ? encoded[next++] : value));
}

export async function runScript(on: pg.Pool | pg.PoolClient, text: string): Promise<void> {
  try {
    await on.query(text);
  } catch (error) {
    throw toPotterError(error, medium);
  }
}
