import type { ResolvedStepModel, SagaModel } from "../../model/index.js";
import { printDuration } from "./print-duration.js";
import { stepsOf } from "./resolved-steps.js";

/**
 * Prints the newest version of a saga as a state diagram of Mermaid: a state for each step, forks and joins where steps run
 * concurrently, and `compensation` for failures. All names are identifiers, so nothing has to be escaped.
 */
export function printDiagram(saga: SagaModel): string {
  const steps = stepsOf(saga).filter(
    ({ sinceVersion = 1, untilVersion }) =>
      sinceVersion <= saga.version && (untilVersion ?? saga.version) >= saga.version,
  );
  const ids = new Map(steps.map((step, at) => [step.name, `s${at}`]));
  const id = ({ name }: { readonly name: string }): string => ids.get(name) ?? "";
  const before = (step: ResolvedStepModel) => step.after.filter(({ name }) => ids.has(name));
  const successors = (step: ResolvedStepModel) =>
    steps.filter((next) => before(next).some(({ name }) => name === step.name));
  const first = steps.filter((step) => before(step).length === 0);
  const last = steps.filter((step) => successors(step).length === 0);
  const failures = steps.flatMap((step) => failuresOf(step, isForward(step)).map((why) => [id(step), "undo", why]));

  const lines = steps.map((step) => `state "${step.name}: ${printAction(step)}" as ${id(step)}`);
  const arrows: (readonly string[])[] = [];
  const arrow = (from: string, to: string, label = ""): void => void arrows.push([from, to, label]);
  /** Returns the state that leads to several others: a fork, if there are several. */
  const leave = (from: string, targets: readonly ResolvedStepModel[], name: string, label = ""): void => {
    if (targets.length > 1) {
      lines.push(`state ${name} <<fork>>`);
      arrow(from, name, label);
    }
    const [source, rest] = targets.length > 1 ? [name, ""] : [from, label];
    for (const target of targets) {
      arrow(
        source,
        entry(target),
        [rest, isJoined(target) ? "" : guard(target)].filter((part) => part !== "").join(" "),
      );
    }
  };
  const isJoined = (step: ResolvedStepModel) => before(step).length > 1;
  const entry = (step: ResolvedStepModel) => (isJoined(step) ? `join_${id(step)}` : id(step));

  for (const step of steps.filter(isJoined)) lines.push(`state ${entry(step)} <<join>>`);
  if (last.length > 1) lines.push("state join_end <<join>>");
  leave("[*]", first, "fork_start", saga.startsOn?.desc.name);
  for (const step of steps) {
    if (isJoined(step)) arrow(entry(step), id(step), guard(step));
    leave(id(step), successors(step), `fork_${id(step)}`);
    if (last.includes(step)) arrow(id(step), last.length > 1 ? "join_end" : "[*]");
  }
  if (last.length > 1) arrow("join_end", "[*]");
  if (failures.length > 0) {
    lines.push('state "compensation" as undo');
    arrows.push(...failures, ["undo", "[*]", ""]);
  }
  const printed = arrows.map(([from, to, label]) => `${from} --> ${to}${label === "" ? "" : `: ${label}`}`);
  return `stateDiagram-v2\n${[...lines, ...printed].map((line) => `  ${line}\n`).join("")}`;

  /** Whether a step follows the pivot, after which nothing is compensated. */
  function isForward(step: ResolvedStepModel): boolean {
    const seen = new Set<string>();
    const waiting = [...before(step)];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next.pivot) return true;
      if (!seen.has(next.name)) waiting.push(...next.after.filter(({ name }) => ids.has(name)));
      seen.add(next.name);
    }
    return false;
  }
}

function guard({ when }: ResolvedStepModel): string {
  return when ? "[guard]" : "";
}

/** Returns why a step leads to compensation. */
function failuresOf(step: ResolvedStepModel, isForward: boolean): readonly string[] {
  if (isForward) return [];
  const fails = step.kind === "command" || step.kind === "saga" ? ["failed"] : [];
  const expires = step.timeout !== undefined && step.onTimeout === "compensate";
  return [...fails, ...(expires ? [`after ${printDuration(step.timeout)}`] : [])];
}

function printAction(step: ResolvedStepModel): string {
  switch (step.kind) {
    case "command":
      return `${step.command.service.desc.name}.${step.command.name}${step.forEach ? " for each" : ""}`;
    case "event":
      return step.event.desc.name;
    case "timer":
      return typeof step.time === "number" ? printDuration(step.time) : step.time.name;
    case "saga":
      return step.saga.desc.name;
  }
}
