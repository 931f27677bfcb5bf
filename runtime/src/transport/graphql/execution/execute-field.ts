import { type FieldPlan, placeOfField } from "./plan.js";
import type { ResultObject } from "./result.js";
import { isPromise, Later, type Place, type Run } from "./run.js";

/** Puts the value of a field into its object: at once, or as soon as it has come. */
export function executeField(
  run: Run,
  plan: FieldPlan,
  source: unknown,
  around: Place | undefined,
  out: ResultObject,
): void {
  let value: unknown;
  try {
    value = plan.read(run, source, around);
  } catch (error) {
    fail(run, plan, error, around, out);
    return;
  }
  if (!isPromise(value)) {
    complete(run, plan, value, around, out);
    return;
  }
  // The keys of the result are in the order of the selection, whatever comes first.
  out[plan.key] = undefined;
  run.await(
    value,
    (come) => complete(run, plan, come, around, out),
    (error) => fail(run, plan, error, around, out),
  );
}

function complete(run: Run, plan: FieldPlan, value: unknown, around: Place | undefined, out: ResultObject): void {
  const { key } = plan;
  try {
    const completed = plan.complete(run, value, plan, plan.leaf ? undefined : placeOfField(plan, around));
    if (completed instanceof Later) {
      out[key] = undefined;
      const put = (one: unknown): void => {
        out[key] = one;
      };
      run.await(completed.promise, put, (error) => fail(run, plan, error, around, out));
    } else out[key] = completed;
  } catch (error) {
    fail(run, plan, error, around, out);
  }
}

function fail(run: Run, plan: FieldPlan, error: unknown, around: Place | undefined, out: ResultObject): void {
  out[plan.key] = run.fail(error, plan.nodes, placeOfField(plan, around));
}
