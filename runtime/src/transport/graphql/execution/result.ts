import type { ExecutionResult, GraphQLError } from "graphql";
import type { Failure, Place, Run } from "./operation-run.js";

/** An object of a result. What is asked for may be called `__proto__`, so it inherits nothing, and is quick to fill all the same. */
export class ResultObject {
  [key: string]: unknown;
}
Object.setPrototypeOf(ResultObject.prototype, null);
delete (ResultObject.prototype as { constructor?: unknown }).constructor;

/** What a run has come to, with null carried from each failure to where null may stand (GraphQL, 6.4.4). */
export function finish(run: Run, data: ResultObject): ExecutionResult {
  if (run.failures.length === 0) return { data };
  const errors: GraphQLError[] = [];
  let whole: ResultObject | null = data;
  for (const { place, error } of run.failures) {
    const at = findNullable(place);
    // What is within a value that is null already is told of no more.
    if (whole === null || (at !== undefined && !clear(whole, at))) continue;
    if (at === undefined) whole = null;
    errors.push(error);
  }
  return { errors, data: whole };
}

/** Whether a failure takes all of the data with it. */
export function takesAll({ place }: Failure): boolean {
  return findNullable(place) === undefined;
}

function findNullable(place: Place): Place | undefined {
  let at: Place | undefined = place;
  while (at !== undefined && !at.nullable) at = at.prev;
  return at;
}

/** Sets the value at a place to null. false: it stands in one that is null. */
function clear(data: ResultObject, place: Place): boolean {
  const container = find(data, place.prev);
  if (container === null || container === undefined) return false;
  container[place.key] = null;
  return true;
}

function find(data: ResultObject, place: Place | undefined): Record<string | number, unknown> | null | undefined {
  if (place === undefined) return data;
  const container = find(data, place.prev);
  return container?.[place.key] as Record<string | number, unknown> | null | undefined;
}
