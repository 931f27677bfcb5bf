import { type FieldPlan, toFieldPath } from "./field-plan.js";
import { isPromise, type OperationRun, PendingValue, type ResultPath } from "./operation-run.js";
import type { ResultObject } from "./result.js";

/** Sets the value of a field in its object, at once or when its promise resolves. */
export function executeField(
  run: OperationRun,
  plan: FieldPlan,
  source: unknown,
  parentPath: ResultPath | undefined,
  out: ResultObject,
): void {
  let value: unknown;
  try {
    value = plan.read(run, source, parentPath);
  } catch (error) {
    fail(run, plan, error, parentPath, out);
    return;
  }
  if (isPromise(value)) wait(run, plan, value, complete, parentPath, out);
  else complete(run, plan, value, parentPath, out);
}

/** What the resolver of a field threw. */
export class Thrown {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** Calls the resolver of a root field. Returns its value, which may be a promise, or what it threw. */
export function startField(run: OperationRun, plan: FieldPlan, source: unknown): unknown {
  try {
    return plan.read(run, source, undefined);
  } catch (error) {
    return new Thrown(error);
  }
}

/** Sets the value of a root field from what `startField` returned. */
export function resumeField(run: OperationRun, plan: FieldPlan, started: unknown, out: ResultObject): void {
  if (started instanceof Thrown) fail(run, plan, started.error, undefined, out);
  else if (isPromise(started)) wait(run, plan, started, complete, undefined, out);
  else complete(run, plan, started, undefined, out);
}

type Put = (
  run: OperationRun,
  plan: FieldPlan,
  value: unknown,
  parentPath: ResultPath | undefined,
  out: ResultObject,
) => void;

function wait(
  run: OperationRun,
  plan: FieldPlan,
  promise: PromiseLike<unknown>,
  put: Put,
  parentPath: ResultPath | undefined,
  out: ResultObject,
): void {
  // Reserves the key, so that keys are in the order of the selection.
  out[plan.key] = undefined;
  run.addPending();
  promise.then(
    (value) => {
      put(run, plan, value, parentPath, out);
      run.removePending();
    },
    (error: unknown) => {
      fail(run, plan, error, parentPath, out);
      run.removePending();
    },
  );
}

const complete: Put = (run, plan, value, parentPath, out) => {
  try {
    const completed = plan.complete(run, value, plan, plan.leaf ? undefined : toFieldPath(plan, parentPath));
    if (completed instanceof PendingValue) wait(run, plan, completed.promise, assign, parentPath, out);
    else out[plan.key] = completed;
  } catch (error) {
    fail(run, plan, error, parentPath, out);
  }
};

const assign: Put = (_run, { key }, value, _around, out) => {
  out[key] = value;
};

function fail(
  run: OperationRun,
  plan: FieldPlan,
  error: unknown,
  parentPath: ResultPath | undefined,
  out: ResultObject,
): void {
  out[plan.key] = run.fail(error, plan.nodes, toFieldPath(plan, parentPath));
}
