import { endWaits, isPivotOpen, settleUndo } from "./advance.js";
import type { Draft } from "./draft.js";
import type { IgnoredReason, SagaMessage } from "./message.js";
import { attemptAgain, settleStep } from "./outcome.js";
import type { ResolvedStep } from "./resolved-saga.js";

type Kind = "cancel" | "compensate" | "pause" | "resume" | "retry" | "skip";

/** What people demand of a saga. */
export type OperatorMessage = Extract<SagaMessage, { kind: Kind }>;

export function isOperatorMessage(message: SagaMessage): message is OperatorMessage {
  return /^(cancel|compensate|pause|resume|retry|skip)$/.test(message.kind);
}

/** Does what a person demands. Returns why that is not possible; undefined: it is done. */
export function operate(draft: Draft, message: OperatorMessage): IgnoredReason | undefined {
  const { instance } = draft;
  switch (message.kind) {
    case "cancel":
    case "compensate":
      return undo(draft, message.kind);
    case "pause":
      if (instance.status === "completed" || instance.status === "compensated") return "ended";
      if (instance.paused) return "unchanged";
      instance.paused = true;
      draft.note("paused");
      return undefined;
    case "resume":
      if (instance.status === "completed" || instance.status === "compensated") return "ended";
      if (!instance.paused && instance.status !== "suspended") return "unchanged";
      if (instance.paused) draft.note("unpaused");
      instance.paused = false;
      return instance.status === "suspended" ? retry(draft, undefined) : undefined;
    case "retry":
      return retry(draft, message.step);
    default:
      return skip(draft, message.step);
  }
}

function undo(draft: Draft, kind: "cancel" | "compensate"): IgnoredReason | undefined {
  const { status, pivoted } = draft.instance;
  if (status === "compensating") return "unchanged";
  if (status === "compensated" || (status === "completed" && kind === "cancel")) return "ended";
  // A suspended compensation continues when it is resumed.
  if (status === "suspended" && draft.instance.before === "compensating") return "unchanged";
  if (pivoted || (isPivotOpen(draft) && !(kind === "cancel" && isPivotRefused(draft)))) return "pivoted";
  draft.note(kind === "cancel" ? "cancelled" : "compensation_demanded");
  draft.moveSaga(kind, { code: "cancelled" });
  endWaits(draft);
  return undefined;
}

/**
 * Whether all that is open about the pivot is how an attempt without a response ended, and a later one was refused. That is no proof, since
 * what was executed may be refused the second time; a person who cancels has looked.
 */
function isPivotRefused(draft: Draft): boolean {
  return [...draft.steps.values()].every(({ name, definition: { pivot } }) => {
    const { status, commands } = draft.state(name);
    return !pivot || status !== "running" || commands.every((one) => one.status === "blocked" && one.refused === true);
  });
}

/** Sends the commands again that wait for a person or for their next attempt. */
function retry(draft: Draft, only: string | undefined): IgnoredReason | undefined {
  const { instance } = draft;
  if (instance.status === "completed" || instance.status === "compensated") return "ended";
  const steps = only === undefined ? [...draft.steps.values()] : [draft.steps.get(only)];
  if (steps.includes(undefined)) return "unknown_step";
  const isContinued = instance.status === "suspended" && continueSaga(draft, only);
  let isAny = false;
  for (const step of steps as readonly ResolvedStep[]) {
    draft.state(step.name).commands.forEach(({ status }, element) => {
      if (!/^(undo_)?(blocked|waiting)$/.test(status)) return;
      draft.resetAttempts(step.name, element);
      attemptAgain(draft, step, element);
      isAny = true;
    });
  }
  if (isAny) draft.note("retried", only);
  return isAny || isContinued ? undefined : "unchanged";
}

/**
 * Continues a suspended saga. If other steps than the one that a person has named wait for a decision, it stays suspended for them, and
 * only the commands of that one go on. Returns whether it waits for less than before.
 */
function continueSaga(draft: Draft, only: string | undefined): boolean {
  const { instance } = draft;
  const isReason = only !== undefined && instance.suspendedBy === only;
  if (isReason) delete instance.suspendedBy;
  const isOpen = (name: string): boolean => name !== only && (draft.isBlocked(name) || instance.suspendedBy === name);
  if (only === undefined || ![...draft.steps.keys()].some(isOpen)) return draft.moveSaga("resume");
  instance.retried = [...new Set([...(instance.retried ?? []), only])];
  return isReason;
}

/** Passes over a step: a person has done what it should do, or has decided that it need not be done. */
function skip(draft: Draft, name: string): IgnoredReason | undefined {
  const { instance } = draft;
  const step = draft.steps.get(name);
  if (step === undefined) return "unknown_step";
  if (instance.status === "completed" || instance.status === "compensated") return "ended";
  const { status, commands } = draft.state(name);
  if (status === "undoing") {
    if (!commands.some((command) => /^undo_(blocked|waiting)$/.test(command.status))) return "not_running";
    commands.forEach((command, element) => {
      if (/^undo_(blocked|waiting)$/.test(command.status)) draft.moveCommand(name, element, "skip");
    });
    settleUndo(draft, step);
  } else if (status === "waiting") draft.moveStep(name, "skip");
  else if (status === "running" && !commands.some((command) => command.status === "sent")) {
    commands.forEach((command, element) => {
      if (/^(idle|waiting|blocked)$/.test(command.status)) draft.moveCommand(name, element, "skip");
    });
    if (commands.length === 0) draft.moveStep(name, "skip");
    else settleStep(draft, step);
  } else return "not_running";
  draft.note("skipped_by_operator", name);
  if (instance.status === "suspended") continueSaga(draft, name);
  return undefined;
}
