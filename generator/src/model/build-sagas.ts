import type { DescMessage } from "@bufbuild/protobuf";
import { suggest } from "../diagnostics/index.js";
import { OnTimeout, type SagaOptions, type SagaStep } from "../gen/potter/v1/options_pb.js";
import type { Contract, Draft } from "./contract.js";
import { buildDuration } from "./duration.js";
import { findIdField } from "./id-field.js";
import type { MethodModel, SagaModel, SagaStepModel } from "./model.js";
import { toProperty, toSnakeCase } from "./names.js";
import { optionNumbers } from "./roles.js";

const onTimeouts = {
  [OnTimeout.UNSPECIFIED]: "compensate",
  [OnTimeout.COMPENSATE]: "compensate",
  [OnTimeout.RETRY]: "retry",
  [OnTimeout.CONTINUE]: "continue",
} as const;

/** Builds sagas. All elements that they refer to must have been built before. */
export function buildSagas(contract: Contract): void {
  for (const [desc, { saga }] of contract.roles) {
    const model = saga && buildSaga(contract, desc, saga);
    if (model !== undefined) contract.saga.set(desc, model);
  }
}

function buildSaga(contract: Contract, desc: DescMessage, options: SagaOptions): SagaModel | undefined {
  const { diagnostics } = contract;
  const ref = { desc, option: optionNumbers.saga };
  const conventional = `${toSnakeCase(desc.name)}_id`;
  const id = findIdField(desc, [conventional, "id"], diagnostics);
  if (id === undefined) diagnostics.report("saga-without-id", { desc }, desc.name, conventional);
  if (options.startsOn === "") diagnostics.report("saga-without-start", ref, desc.name);
  if (options.step.length === 0) diagnostics.report("saga-without-steps", ref, desc.name);
  const startsOn = options.startsOn && contract.reference("event", options.startsOn, desc.typeName, ref);
  const steps = options.step.map((step) => buildStep(contract, desc, step));
  linkSteps(contract, desc, options.step, steps);
  const deadline = buildDuration(options.deadline, "deadline", ref, diagnostics);
  if (id === undefined || !startsOn) return undefined;
  return { kind: "saga", desc, ...contract.nameOf(desc), id, startsOn, steps, deadline };
}

function buildStep(contract: Contract, desc: DescMessage, step: SagaStep): Draft<SagaStepModel> {
  const { diagnostics, resolver } = contract;
  const ref = { desc, option: optionNumbers.saga };
  const command = (name: string): MethodModel | undefined => {
    const method = name === "" ? undefined : resolver.method(name, desc.typeName, ref);
    return method && contract.method.get(method);
  };
  if (step.name === "") diagnostics.report("saga-step-unnamed", ref, desc.name);
  if ((step.command === "") === (step.waitFor === "")) {
    diagnostics.report("saga-step-action", { ...ref, focus: `"${step.name}"` }, step.name, desc.name);
  }
  if (step.compensation !== "" && step.noCompensation) {
    diagnostics.report("saga-compensation-contradiction", { ...ref, focus: `"${step.name}"` }, step.name, desc.name);
  }
  const focused = step.name === "" ? ref : { ...ref, focus: `"${step.name}"` };
  const duration = (value: typeof step.timeout, option: string) =>
    buildDuration(value, option, focused, diagnostics, `step "${step.name}" of ${desc.name}`);
  const timeout = duration(step.timeout, "timeout");
  if (step.waitFor !== "" && step.timeout === undefined) {
    diagnostics.report("saga-wait-without-timeout", { ...ref, focus: `"${step.name}"` }, step.name, desc.name);
  }
  const { maxAttempts = 5, initialDelay, maxDelay } = step.retry ?? {};
  return {
    name: step.name,
    localName: toProperty(step.name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())),
    command: command(step.command),
    compensation: command(step.compensation),
    compensable: step.compensation !== "" || step.noCompensation || step.waitFor !== "",
    waitFor: step.waitFor === "" ? undefined : contract.reference("event", step.waitFor, desc.typeName, ref),
    after: [],
    pivot: step.pivot,
    when: step.when,
    timeout,
    onTimeout: onTimeouts[step.onTimeout],
    retry: {
      maxAttempts,
      initialDelay: duration(initialDelay, "initial_delay") ?? 200,
      maxDelay: duration(maxDelay, "max_delay") ?? 30_000,
    },
  };
}

function linkSteps(
  contract: Contract,
  desc: DescMessage,
  options: readonly SagaStep[],
  steps: readonly Draft<SagaStepModel>[],
): void {
  const ref = { desc, option: optionNumbers.saga };
  const byName = new Map(steps.map((step) => [step.name, step]));
  for (const [at, { after }] of options.entries()) {
    const step = steps[at];
    if (step === undefined) continue;
    step.after = after.flatMap((name) => {
      const found = byName.get(name);
      if (found === undefined) {
        const suggestion = suggest(name, byName.keys());
        contract.diagnostics.report(
          "saga-unknown-step",
          { ...ref, focus: `"${name}"` },
          name,
          step.name,
          desc.name,
          suggestion,
        );
      }
      return found ?? [];
    });
  }
}
