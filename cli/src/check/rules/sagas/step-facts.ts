import type { SagaModel, SagaStepModel } from "@potter/generator";
import { rpcName } from "../../contract/index.js";

/** Returns the steps that a version of a saga has, by name. */
export function stepsOf({ steps }: SagaModel, version: number): ReadonlyMap<string, SagaStepModel> {
  return new Map(steps.filter((step) => isIn(step, version)).map((step) => [step.name, step]));
}

function isIn({ sinceVersion = 1, untilVersion = Number.POSITIVE_INFINITY }: SagaStepModel, version: number): boolean {
  return sinceVersion <= version && version <= untilVersion;
}

/** The steps that a step follows in a version, as text. */
export function orderOf({ after }: SagaStepModel, version: number): string {
  const names = after.filter((step) => isIn(step, version)).map(({ name }) => name);
  return names.length === 0 ? "no step" : names.sort().join(" and ");
}

/** What a step does, by the words that findings use. */
export function actionOf(step: SagaStepModel): Readonly<Record<string, string>> {
  const common = { condition: `${step.when}`, "point of no return": `${step.pivot}` };
  switch (step.kind) {
    case "command":
      return {
        ...common,
        action: `command ${rpcName(step.command)}`,
        compensation: step.compensation === undefined ? `none, ${step.compensable}` : rpcName(step.compensation),
        "number of commands": `${step.forEach}`,
      };
    case "event":
      return {
        ...common,
        action: `event ${step.event.type}`,
        match: `${step.match.event.number} ${step.match.saga.number}`,
        "treatment of early events": `${step.ignoreEarly}`,
      };
    case "timer":
      return { ...common, action: typeof step.time === "number" ? "delay" : `until ${step.time.number}` };
    case "saga":
      return { ...common, action: `saga ${step.saga.desc.typeName}` };
    case "unresolved":
      return common;
  }
}

/** How long a step takes and how it is retried, by the words that findings use. */
export function timingOf(step: SagaStepModel): Readonly<Record<string, string>> {
  return {
    timeout: `${step.timeout}`,
    "reaction to a timeout": step.onTimeout,
    ...("retry" in step && { "retry policy": JSON.stringify(step.retry) }),
    ...(step.kind === "timer" && typeof step.time === "number" && { delay: `${step.time}` }),
  };
}

/** Returns the words whose values differ. */
export function differences(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((word) => before[word] !== now[word]);
}
