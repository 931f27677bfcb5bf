import { isStubMessage } from "../../errors/index.js";
import { checkDeadline, failStep, isPivotOpen } from "./advance.js";
import { succeed } from "./begin-step.js";
import type { Draft } from "./draft.js";
import type { CommandState, Phase, SagaInstance, StepState } from "./instance.js";
import { attemptAgain, failed } from "./outcome.js";
import type { ResolvedStep } from "./resolved-saga.js";

/** How long a limit waits for a pivot that may be done, in milliseconds. */
const pivotCheck = 1_000;

/** When a saga that waits for a function which is not written yet tries again, in milliseconds. */
const stubRetry = 5_000;

/** The most processes that a command may lose without an outcome: it probably ends them, so that another attempt would too. */
export const maxLosses = 50;

/** When something is due for a saga, in milliseconds since 1970; 0: never. */
export function dueOf(saga: SagaInstance): number {
  let first = Number.POSITIVE_INFINITY;
  const note = (time: number | undefined): void => {
    if (time !== undefined && time < first) first = time;
  };
  const isRunning = !saga.paused && saga.status === "running";
  const isOver = saga.status === "completed" || saga.status === "compensated";
  for (const [name, step] of Object.entries(saga.steps)) {
    const isActive = !isOver && !isHeld(saga, name);
    for (const command of step.commands) {
      note(command.lease);
      if (isActive && command.status !== "blocked") note(command.retryAt);
    }
    if (!isRunning || step.status !== "running") continue;
    note(step.timerAt);
    note(step.timeoutAt);
  }
  if (isRunning && !saga.pivoted) note(openDeadline(saga));
  if (waitsForCode(saga)) note(saga.updatedAt + stubRetry);
  return Number.isFinite(first) ? Math.max(1, first) : 0;
}

/** Whether a saga is suspended because a function of its behaviour is not written yet. */
export function waitsForCode({ status, paused, failure }: SagaInstance): boolean {
  return status === "suspended" && !paused && isStubMessage(failure?.reason ?? "");
}

/** Whether such a saga is to try again. */
export function isStubDue(saga: SagaInstance, now: number): boolean {
  return waitsForCode(saga) && saga.updatedAt + stubRetry <= now;
}

/** A deadline that has passed while the pivot may be done is looked at when the pivot is settled. */
function openDeadline({ deadlineAt, updatedAt }: SagaInstance): number | undefined {
  return deadlineAt !== undefined && deadlineAt > updatedAt ? deadlineAt : undefined;
}

/** Does what time demands: first what ends attempts, then what begins some. Returns whether anything was due. */
export function passTime(draft: Draft): boolean {
  const { now } = draft.context;
  const { instance } = draft;
  const steps = [...draft.steps.values()];
  // Stored even if the pivot holds it, so that the row is not due for ever.
  let isDue = openDeadline(instance) !== undefined && (instance.deadlineAt ?? 0) <= now;
  if (checkDeadline(draft)) isDue = true;
  for (const step of steps) {
    if (!instance.paused && instance.status === "running" && endWait(draft, step)) isDue = true;
  }
  for (const step of steps) {
    for (const element of draft.state(step.name).commands.keys()) {
      const command = draft.command(step.name, element);
      if (command.lease !== undefined && command.lease <= now) {
        if (waitsForSender(draft, step.name, command)) continue;
        takeOver(draft, step, element, command);
      } else if (isHeld(instance, step.name) || !isRetryDue(draft, step.name, command)) continue;
      else attemptAgain(draft, step, element);
      isDue = true;
    }
  }
  return isDue;
}

/** Whether no attempt of a step may begin. */
function isHeld({ paused, status, retried }: SagaInstance, step: string): boolean {
  return paused || (status === "suspended" && retried?.includes(step) !== true);
}

/** Whether the saga runs a step, or would if it were not suspended. */
function isForward(draft: Draft, step: string): boolean {
  const { status, before } = draft.instance;
  const isRunning = status === "running" || (status === "suspended" && before === "running");
  return isRunning && draft.state(step).status === "running";
}

/** A command that waits while its saga is compensated gets no attempt. */
function isRetryDue(draft: Draft, step: string, { status, retryAt }: CommandState): boolean {
  if (retryAt === undefined || retryAt > draft.context.now) return false;
  if (status === "undo_waiting") return true;
  return status === "waiting" && isForward(draft, step);
}

/** Whether a command that was not sent has to be sent by another process, or later. */
function waitsForSender(draft: Draft, step: string, { left, status }: CommandState): boolean {
  if (left !== "unsent" || draft.context.sendsNothing !== true || isHeld(draft.instance, step)) return false;
  return status === "undoing" || isForward(draft, step);
}

/** The process that had a command left it to others, or did not answer in time. */
function takeOver(draft: Draft, step: ResolvedStep, element: number, command: CommandState): void {
  const { name } = step;
  const { instance } = draft;
  const { now } = draft.context;
  const phase = command.status === "undoing" ? "undo" : "do";
  const isSent = command.left !== "unsent";
  if (isSent) {
    draft.note("taken_over", name);
    draft.takenOver++;
  }
  const failure = { code: "unavailable", reason: "the process that ran the command did not answer" };
  const isOver = phase === "do" && !isForward(draft, name);
  if (!isHeld(instance, name) && (isOver || (isSent && isSentOnce(draft, step, phase)))) {
    const outcome = isSent ? "unknown" : "temporary";
    failed(draft, step, { kind: "failure", outcome, failure, step: name, element, phase, epoch: command.epoch ?? 0 });
    return;
  }
  // What a local command did shows in the row; of others it is unknown.
  const doubt = isSent && phase === "do" && !step.isLocal ? ({ doubt: true } as const) : {};
  const counts = countsAfterLoss(command);
  draft.moveCommand(name, element, "wait", { ...doubt, ...counts, ...(isSent && { failure }), retryAt: now });
  if (isHeld(instance, name)) return;
  const { losses = 0 } = counts;
  if (losses < maxLosses) {
    // The same command id makes another attempt safe at once.
    attemptAgain(draft, step, element);
    return;
  }
  const poison = { code: "unavailable", reason: `${losses} processes have ended while they ran the command` };
  draft.moveCommand(name, element, "block", { failure: poison });
  draft.suspend(poison, name);
}

/** Whether a command must not be sent twice, also if a process is lost. What is written together with the row may be. */
function isSentOnce(
  { instance }: Draft,
  { definition, isLocal, isUndoneLocally }: ResolvedStep,
  phase: Phase,
): boolean {
  if (definition.kind !== "command" || instance.pivoted) return false;
  return definition.retry.maxAttempts === 1 && !(phase === "do" ? isLocal : isUndoneLocally);
}

/** Whether a lost process has carried the command out is unknown, so it has used up no attempt. */
function countsAfterLoss({ attempts, losses = 0, left }: CommandState): Pick<CommandState, "attempts" | "losses"> {
  if (left === "unsent") return { attempts };
  return left === "stopped" ? { attempts: attempts - 1 } : { attempts: attempts - 1, losses: losses + 1 };
}

/** Ends a step whose timer or limit is due. */
function endWait(draft: Draft, step: ResolvedStep): boolean {
  const state = draft.state(step.name);
  const { now } = draft.context;
  if (state.status !== "running") return false;
  if (state.timerAt !== undefined && state.timerAt <= now) {
    succeed(draft, step);
    return true;
  }
  if (state.timeoutAt === undefined || state.timeoutAt > now) return false;
  expire(draft, step, state);
  return true;
}

function expire(draft: Draft, step: ResolvedStep, { commands }: StepState): void {
  const { name, definition } = step;
  const { onTimeout = "compensate", timeout = 0 } = definition;
  const failure = { code: "deadline_exceeded", reason: "the limit of the step has passed" };
  const { now } = draft.context;
  if (onTimeout === "compensate" && !draft.instance.pivoted && isPivotOpen(draft)) {
    draft.changeStep(name, { timeoutAt: now + pivotCheck });
    return;
  }
  draft.note("step_timeout", name, failure);
  const { pivoted } = draft.instance;
  if (onTimeout === "continue") {
    endCommands(draft, step);
    draft.moveStep(name, "expire", { failure });
    if (definition.pivot) draft.instance.pivoted = true;
  } else if (onTimeout === "retry" || (pivoted && definition.kind === "command")) {
    draft.changeStep(name, { timeoutAt: now + Math.max(timeout, 1) });
    commands.forEach(({ status }, element) => {
      draft.resetAttempts(name, element);
      if (status === "waiting") attemptAgain(draft, step, element);
    });
  } else if (pivoted) {
    draft.endLimit(name);
    draft.suspend(failure, name);
  } else {
    endCommands(draft, step);
    failStep(draft, step, failure);
  }
}

/** Ends the commands of a step whose limit has passed: those under way may have their effect. */
function endCommands(draft: Draft, { name, definition, isLocal }: ResolvedStep): void {
  draft.state(name).commands.forEach(({ status, doubt }, element) => {
    if (status === "idle") draft.moveCommand(name, element, "skip");
    else if (status === "sent")
      draft.moveCommand(name, element, isLocal && definition.kind === "command" ? "refuse" : "lose");
    else if (status === "waiting" || status === "blocked") draft.moveCommand(name, element, doubt ? "lose" : "refuse");
  });
}
