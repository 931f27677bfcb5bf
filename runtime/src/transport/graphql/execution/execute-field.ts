import { type FieldPlan, placeOfField } from "./field-plan.js";
import { isPromise, Later, type Place, type Run } from "./operation-run.js";
import type { ResultObject } from "./result.js";

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
  if (isPromise(value)) wait(run, plan, value, complete, around, out);
  else complete(run, plan, value, around, out);
}

type Put = (run: Run, plan: FieldPlan, value: unknown, around: Place | undefined, out: ResultObject) => void;

function wait(
  run: Run,
  plan: FieldPlan,
  promise: PromiseLike<unknown>,
  put: Put,
  around: Place | undefined,
  out: ResultObject,
): void {
  // The keys of the result are in the order of the selection, whatever comes first.
  out[plan.key] = undefined;
  run.await();
  promise.then(
    (value) => {
      put(run, plan, value, around, out);
      run.arrive();
    },
    (error: unknown) => {
      fail(run, plan, error, around, out);
      run.arrive();
    },
  );
}

const complete: Put = (run, plan, value, around, out) => {
  try {
    const completed = plan.complete(run, value, plan, plan.leaf ? undefined : placeOfField(plan, around));
    if (completed instanceof Later) wait(run, plan, completed.promise, assign, around, out);
    else out[plan.key] = completed;
  } catch (error) {
    fail(run, plan, error, around, out);
  }
};

const assign: Put = (_run, { key }, value, _around, out) => {
  out[key] = value;
};

function fail(run: Run, plan: FieldPlan, error: unknown, around: Place | undefined, out: ResultObject): void {
  out[plan.key] = run.fail(error, plan.nodes, placeOfField(plan, around));
}
