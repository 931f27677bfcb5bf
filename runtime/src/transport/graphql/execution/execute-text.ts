import type { ExecutionResult } from "graphql";
import { Frame, type RootFieldText, TextRun } from "../text/index.js";
import { resumeField, startField, Thrown } from "./execute-field.js";
import type { FieldPlan } from "./field-plan.js";
import { JsonResult } from "./json-result.js";
import { isPromise, type OperationRun } from "./operation-run.js";
import { finish, ResultObject } from "./result.js";
import type { SelectionPlan } from "./selection-plan.js";

/** The plans of an operation for one combination of conditions. */
export interface OperationPlan {
  readonly selection: SelectionPlan;
  /** undefined: the operation cannot be written as text. */
  text: readonly RootFieldText[] | undefined;
}

/**
 * Executes an operation whose result is written as text. If that fails, which most errors of fields do, it is executed again in
 * the other form, from what the resolvers of the root fields returned and what was loaded by key: nothing is requested twice.
 */
export function executeAsText(
  run: OperationRun,
  plan: OperationPlan,
  fields: readonly RootFieldText[],
): ExecutionResult | Promise<ExecutionResult> {
  return new TextExecution(run, plan, fields).execute();
}

/** The execution of one root field. */
class RootExecution {
  readonly plan: FieldPlan;
  readonly text: RootFieldText;
  readonly frame: Frame;
  /** What the resolver returned. */
  started: unknown = undefined;
  /** Its value. */
  value: unknown = undefined;

  constructor(plan: FieldPlan, text: RootFieldText, run: TextRun) {
    this.plan = plan;
    this.text = text;
    this.frame = new Frame(run);
  }
}

class TextExecution {
  private readonly run: OperationRun;
  private readonly plan: OperationPlan;
  private readonly text: TextRun;
  private readonly roots: readonly RootExecution[];
  private isSettled = false;
  private settle: (() => void) | undefined = undefined;

  constructor(run: OperationRun, plan: OperationPlan, fields: readonly RootFieldText[]) {
    this.run = run;
    this.plan = plan;
    const text = new TextRun(run.context, () => {
      this.isSettled = true;
      this.settle?.();
    });
    this.text = text;
    this.roots = plan.selection.fields.map((field, at) => new RootExecution(field, fields[at] as RootFieldText, text));
  }

  execute(): ExecutionResult | Promise<ExecutionResult> {
    const { run, text } = this;
    // Pending itself, so that it cannot settle before all fields have begun.
    text.addPending();
    for (const root of this.roots) {
      const value = startField(run, root.plan, run.rootValue);
      root.started = value;
      text.addPending();
      if (value instanceof Thrown) text.fail(value.error);
      else if (isPromise(value)) {
        value.then(
          (one) => this.take(root, one),
          (error: unknown) => text.fail(error),
        );
      } else this.take(root, value);
    }
    text.removePending();
    if (this.isSettled) return this.toResult();
    return new Promise<void>((resolve) => {
      this.settle = resolve;
    }).then(() => this.toResult());
  }

  private take(root: RootExecution, value: unknown): void {
    root.value = value;
    this.text.complete(root.text.value.request, root.frame, value);
  }

  private toResult(): ExecutionResult | Promise<ExecutionResult> {
    const { run, text } = this;
    if (text.failed) return this.executeAgain();
    const data = text.attempt(() => this.write());
    if (data === undefined) return this.executeAgain();
    if (!text.isPure) run.isPure = false;
    return JsonResult.ofText(data);
  }

  private write(): string {
    let data = "";
    for (const { text, frame, value } of this.roots) data += text.before + text.value.write(frame, value);
    return data === "" ? "{}" : `${data}}`;
  }

  private executeAgain(): ExecutionResult | Promise<ExecutionResult> {
    const { plan, run, text } = this;
    if (text.isUnsupported) plan.text = undefined;
    run.requested = text;
    const data = new ResultObject();
    for (const root of this.roots) resumeField(run, root.plan, root.started, data);
    const settled = run.allSettled();
    return settled === undefined ? finish(run, data) : settled.then(() => finish(run, data));
  }
}
