import { beginStep, beginUndo, receiveKept, sendAgain } from "./begin-step.js";
import { BehaviourFault } from "./behaviour.js";
import type { Draft } from "./draft.js";
import type { CommandState, StepState } from "./instance.js";
import type { ResolvedStep } from "./resolved-saga.js";

/** Does everything that the saga's state allows: begins steps or compensations, and ends the saga. */
export function advance(draft: Draft): void {
  try {
    move(draft);
  } catch (error) {
    if (!(error instanceof BehaviourFault)) throw error;
    draft.suspend(error.failure, error.step);
  }
  tellParent(draft);
}

function move(draft: Draft): void {
  const { instance } = draft;
  if (instance.paused) return;
  if (instance.status === "running") {
    checkDeadline(draft);
    settleBlocked(draft);
  }
  if (instance.status === "running") goForward(draft);
  if (instance.status === "compensating") goBack(draft);
}

function goForward(draft: Draft): void {
  const steps = [...draft.steps.values()];
  // While the pivot may be done, it is open whether this failure is compensated.
  if (steps.some(({ name }) => draft.state(name).commands.some(({ status }) => status === "blocked"))) return;
  for (let begun = true; begun && draft.instance.status === "running"; ) {
    begun = false;
    for (const step of steps) {
      const { status } = draft.state(step.name);
      const isReady = status === "waiting" && step.after.every((name) => isPassed(draft.state(name)));
      if (isReady) beginStep(draft, step);
      else if (status !== "running" || !receiveKept(draft, step)) continue;
      begun = true;
    }
  }
  if (steps.every(({ name }) => isPassed(draft.state(name)))) draft.moveSaga("finish");
}

/** Whether later steps may begin. */
function isPassed({ status }: StepState): boolean {
  return status === "done" || status === "skipped" || status === "timed_out";
}

/** Compensates a saga whose deadline has passed, unless its pivot may be done. Returns whether it does. */
export function checkDeadline(draft: Draft): boolean {
  const { deadlineAt, pivoted, paused, status } = draft.instance;
  if (deadlineAt === undefined || draft.context.now < deadlineAt || paused || status !== "running") return false;
  if (pivoted || isPivotOpen(draft)) return false;
  return draft.moveSaga("fail", { code: "deadline_exceeded", reason: "the deadline of the saga has passed" });
}

/** Decides about commands that failed while it was open whether the pivot is done. */
function settleBlocked(draft: Draft): void {
  if (isPivotOpen(draft)) return;
  for (const step of draft.steps.values()) {
    draft.state(step.name).commands.forEach((command, element) => {
      if (command.status !== "blocked" || draft.instance.status !== "running") return;
      const failure = command.failure ?? { code: "unknown" };
      if (!draft.instance.pivoted) failCommand(draft, step, element, command);
      else if (command.retryAt !== undefined) sendAgain(draft, step, element);
      else draft.suspend(failure, step.name);
    });
  }
}

/** Whether the pivot is under way, or may have had its effect; `except` one of its commands. */
export function isPivotOpen(draft: Draft, except?: { readonly step: string; readonly element: number }): boolean {
  return [...draft.steps.values()].some(({ name, definition }) => {
    if (!definition.pivot) return false;
    const { status, commands } = draft.state(name);
    const others = commands.filter((_, element) => name !== except?.step || element !== except.element);
    const isUndoable = definition.kind === "command" && definition.compensation !== undefined;
    return status === "running" && others.some((one) => one.status === "sent" || isInDoubt(one, isUndoable));
  });
}

/** A command that waits for a decision is undone if that is possible. */
function isInDoubt({ status, doubt }: CommandState, isUndoable: boolean): boolean {
  return doubt === true && (status === "waiting" || (status === "blocked" && !isUndoable));
}

/** A command has failed for good, and with it its step and the saga. */
export function failCommand(draft: Draft, step: ResolvedStep, element: number, command: CommandState): void {
  const { name } = step;
  draft.moveCommand(name, element, command.doubt ? "lose" : "refuse");
  failStep(draft, step, command.failure ?? { code: "unknown" });
}

/** A step has failed for good, and with it the saga. */
export function failStep(draft: Draft, { name }: ResolvedStep, failure: { readonly code: string }): void {
  if (draft.state(name).status === "running") draft.moveStep(name, "fail", { failure });
  draft.moveSaga("fail", failure);
}

function goBack(draft: Draft): void {
  endWaits(draft);
  const steps = [...draft.steps.values()];
  const isOver = (step: ResolvedStep): boolean => isUndone(draft, step);
  for (let begun = true; begun && draft.instance.status === "compensating"; ) {
    begun = false;
    for (const step of steps) {
      if (isUnderWay(draft, step) || !draft.state(step.name).commands.some((one) => hasEffect(step, one))) continue;
      if (draft.state(step.name).status === "skipped") continue;
      if (!step.dependents.every((name) => isOver(draft.steps.get(name) as ResolvedStep))) continue;
      undoStep(draft, step);
      begun = true;
    }
  }
  if (draft.instance.status === "compensating" && steps.every(isOver)) draft.moveSaga("undone");
}

/** Steps that only wait have nothing to undo; commands that wait for an attempt get none. */
export function endWaits(draft: Draft): void {
  const failure = { code: "cancelled" };
  for (const step of draft.steps.values()) {
    const { name, definition } = step;
    const { status, commands } = draft.state(name);
    commands.forEach((command, element) => {
      if (command.status === "idle") draft.moveCommand(name, element, "skip");
      if (command.status !== "waiting" && command.status !== "blocked") return;
      draft.moveCommand(name, element, command.doubt ? "lose" : "refuse");
    });
    if (status !== "running") continue;
    const isSent = draft.state(name).commands.some((command) => command.status === "sent");
    if (definition.kind === "saga") {
      if (isSent) draft.moveCommand(name, 0, "lose");
    } else if (isSent) continue;
    draft.moveStep(name, "fail", { failure });
  }
}

/** Whether a command of the step may still have its effect. */
function isUnderWay(draft: Draft, { name }: ResolvedStep): boolean {
  return draft.state(name).commands.some(({ status }) => status === "sent");
}

/** Whether nothing of the step remains to be undone. */
function isUndone(draft: Draft, step: ResolvedStep): boolean {
  const { status, commands } = draft.state(step.name);
  if (status === "undoing" || isUnderWay(draft, step)) return false;
  return !commands.some((command) => hasEffect(step, command)) || status === "undone" || status === "skipped";
}

function hasEffect({ definition }: ResolvedStep, { status }: CommandState): boolean {
  const isUndoable =
    definition.kind === "saga" || (definition.kind === "command" && definition.compensation !== undefined);
  return isUndoable && (status === "done" || status === "unknown");
}

function undoStep(draft: Draft, step: ResolvedStep): void {
  const { name } = step;
  // Begun before, if a function of the behaviour has thrown.
  if (draft.state(name).status !== "undoing") draft.moveStep(name, "undo");
  draft.state(name).commands.forEach((command, element) => {
    if (!hasEffect(step, command)) return;
    // The attempts of the compensation are counted from the start.
    draft.resetAttempts(name, element);
    beginUndo(draft, step, element);
  });
}

/** Ends the compensation of a step when all of its commands are undone. */
export function settleUndo(draft: Draft, { name }: ResolvedStep): void {
  const { status, commands } = draft.state(name);
  const isOpen = commands.some((command) => command.status.startsWith("undo") && command.status !== "undone");
  if (status === "undoing" && !isOpen) draft.moveStep(name, "undone");
}

function tellParent(draft: Draft): void {
  const { status, data, origin } = draft.instance;
  if (origin.parent === undefined || (status !== "completed" && status !== "compensated")) return;
  draft.related.push({ kind: "tell_parent", parent: origin.parent, status, data });
}
