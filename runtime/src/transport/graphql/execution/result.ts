import type { ExecutionResult, GraphQLError } from "graphql";
import type { Failure, OperationRun, ResultPath } from "./operation-run.js";

/** An object of a result. Has an empty prototype, since an alias may be `__proto__`; faster than `Object.create(null)`. */
export class ResultObject {
  [key: string]: unknown;
}
Object.setPrototypeOf(ResultObject.prototype, null);
delete (ResultObject.prototype as { constructor?: unknown }).constructor;

/** Creates the result of a run. Propagates the null of each failure to the nearest nullable value (GraphQL, 6.4.4). */
export function finish(run: OperationRun, data: ResultObject): ExecutionResult {
  if (run.failures.length === 0) return { data };
  const errors: GraphQLError[] = [];
  let whole: ResultObject | null = data;
  for (const { path, error } of run.failures) {
    const at = findNullable(path);
    // Errors within a value that is already null are not reported.
    if (whole === null || (at !== undefined && !clear(whole, at))) continue;
    if (at === undefined) whole = null;
    errors.push(error);
  }
  return { errors, data: whole };
}

/** Whether a failure sets all data to null. */
export function nullsAllData({ path }: Failure): boolean {
  return findNullable(path) === undefined;
}

function findNullable(path: ResultPath): ResultPath | undefined {
  let at: ResultPath | undefined = path;
  while (at !== undefined && !at.nullable) at = at.prev;
  return at;
}

/** Sets the value at a path to null. Returns false if an outer value is null already. */
function clear(data: ResultObject, path: ResultPath): boolean {
  const container = find(data, path.prev);
  if (container === null || container === undefined) return false;
  container[path.key] = null;
  return true;
}

function find(data: ResultObject, path: ResultPath | undefined): Record<string | number, unknown> | null | undefined {
  if (path === undefined) return data;
  const container = find(data, path.prev);
  return container?.[path.key] as Record<string | number, unknown> | null | undefined;
}
