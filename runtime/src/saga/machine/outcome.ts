import { failCommand, failStep, isPivotOpen, settleUndo } from "./advance.js";
import { beginUndo, sendAgain, succeed } from "./begin-step.js";
import { BehaviourFault, callBehaviour, copyOf } from "./behaviour.js";
import type { Draft } from "./draft.js";
import type { CommandState } from "./instance.js";
import type { IgnoredReason, SagaMessage } from "./message.js";
import type { ResolvedStep } from "./resolved-saga.js";

type Response = Extract<SagaMessage, { kind: "response" }>;
type Failed = Extract<SagaMessage, { kind: "failure" }>;

/** Why an outcome does not concern the saga any more; undefined: it does. */
export function whyNot(draft: Draft, { step, element, phase, epoch }: Response | Failed): IgnoredReason | undefined {
  const command = draft.command(step, element);
  if (command.epoch !== undefined && command.epoch !== epoch) return "fenced";
  return command.status === (phase === "do" ? "sent" : "undoing") && command.epoch === epoch
    ? undefined
    : "not_running";
}

/** A command was answered. */
export function respond(draft: Draft, step: ResolvedStep, { element, phase, response }: Response): void {
  const { name } = step;
  if (phase === "undo") {
    draft.moveCommand(name, element, "undone");
    settleUndo(draft, step);
    return;
  }
  const { definition, behaviour } = step;
  const { response: add } = behaviour;
  const codec = definition.kind === "command" ? definition.command.response : undefined;
  const next = add && codec && (() => add(draft.copyData(), copyOf(codec, response), element));
  fold(draft, step, element, next);
}

/**
 * Adds a response or the data of a child saga to the data, and ends the step with its last command. Without `next`, the data stays
 * as it is.
 */
export function fold(draft: Draft, step: ResolvedStep, element: number, next: (() => unknown) | undefined): void {
  const { name } = step;
  try {
    const what = step.definition.kind === "saga" ? "completed" : "response";
    if (next !== undefined) callBehaviour(what, name, next, (data) => draft.setData(data));
  } catch (error) {
    if (!(error instanceof BehaviourFault)) throw error;
    // Sent again when a person has resumed the saga: the command then replays its response.
    draft.moveCommand(name, element, "block", { doubt: true, failure: error.failure });
    draft.suspend(error.failure, name);
    return;
  }
  draft.moveCommand(name, element, "succeed");
  settleStep(draft, step);
}

/** Ends a running step when all of its commands are done, or none of them is under way any more. */
export function settleStep(draft: Draft, step: ResolvedStep): void {
  const { status, commands } = draft.state(step.name);
  if (status !== "running") return;
  if (commands.every((one) => one.status === "done" || one.status === "skipped")) succeed(draft, step);
}

/** A command was refused, has failed for now, or may have been executed. */
export function failed(draft: Draft, step: ResolvedStep, message: Failed): void {
  if (message.phase === "undo") undoFailed(draft, step, message);
  else commandFailed(draft, step, message);
}

function commandFailed(draft: Draft, step: ResolvedStep, message: Failed): void {
  const { name } = step;
  const { element, outcome, failure, retryAfter } = message;
  const before = draft.command(name, element);
  const doubt = before.doubt || (outcome === "unknown" && !step.isLocal) ? ({ doubt: true } as const) : {};
  const counts = countsAfter(before, message);
  const command: CommandState = { ...before, ...doubt, failure, ...counts };
  const { status, pivoted } = draft.instance;
  if (draft.state(name).status !== "running" || status === "compensating") {
    settle(draft, step, element, command);
    return;
  }
  const isFinal = outcome === "refused" || isExhausted(step, command);
  if (outcome !== "refused" && (pivoted || !isFinal)) {
    const retryAt = draft.context.now + delayOf(draft, step, command.attempts, retryAfter);
    draft.moveCommand(name, element, "wait", { ...doubt, failure, retryAt, ...counts });
    return;
  }
  draft.note("command_failed", name, failure);
  if (pivoted) {
    draft.moveCommand(name, element, "block", { ...doubt, failure });
    draft.suspend(failure, name);
  } else if (step.definition.pivot && command.doubt && !hasCompensation(step)) {
    const refused = outcome === "refused" ? ({ refused: true } as const) : {};
    draft.moveCommand(name, element, "block", { ...doubt, ...refused, failure });
    draft.suspend({ ...failure, reason: "it is unknown whether the pivot was executed" }, name);
  } else if (status === "suspended" || isPivotOpen(draft, { step: name, element })) {
    // Decided when the saga is resumed, or the pivot is settled. A temporary failure is then retried rather than left to a person.
    const retry = outcome === "refused" ? {} : { retryAt: draft.context.now };
    draft.moveCommand(name, element, "block", { ...doubt, failure, ...retry });
  } else failCommand(draft, step, element, { ...command, ...doubt });
}

/** While the saga is compensated, only the outcome of a command counts. */
function settle(draft: Draft, step: ResolvedStep, element: number, command: CommandState): void {
  const { name } = step;
  const { failure = { code: "unknown" } } = command;
  draft.moveCommand(name, element, command.doubt ? "lose" : "refuse", { failure });
  const state = draft.state(name);
  if (state.status === "running" && !state.commands.some(({ status }) => status === "sent")) {
    failStep(draft, step, failure);
  }
}

function undoFailed(draft: Draft, step: ResolvedStep, message: Failed): void {
  const { name } = step;
  const { element, outcome, failure, retryAfter } = message;
  const before = draft.command(name, element);
  const counts = countsAfter(before, message);
  const command: CommandState = { ...before, ...counts };
  if (outcome !== "refused" && !isExhausted(step, command)) {
    const retryAt = draft.context.now + delayOf(draft, step, command.attempts, retryAfter);
    draft.moveCommand(name, element, "wait", { failure, retryAt, ...counts });
    return;
  }
  draft.moveCommand(name, element, "block", { failure });
  draft.note("compensation_failed", name, failure);
  draft.suspend(failure, name);
}

/**
 * What uses up no attempt. The receiver knows the command id: another process carries the command out, or did until it died, and it says
 * when to ask for the response. Or the handler of the command is not written yet. The limit of the step bounds how long.
 */
function isNoAttempt({ outcome, failure, retryAfter }: Failed): boolean {
  if (failure.code === "unimplemented") return outcome === "temporary";
  return failure.code === "aborted" && retryAfter !== undefined;
}

/** What is counted of a command after an outcome. One that comes from its receiver's memory says nothing about lost processes. */
function countsAfter({ attempts, losses }: CommandState, message: Failed): Pick<CommandState, "attempts" | "losses"> {
  if (isNoAttempt(message)) return { attempts: attempts - 1 };
  return losses === undefined ? { attempts } : { attempts, losses: 0 };
}

function hasCompensation({ definition }: ResolvedStep): boolean {
  return definition.kind === "command" && definition.compensation !== undefined;
}

function isExhausted({ definition }: ResolvedStep, { attempts }: CommandState): boolean {
  return definition.kind === "command" ? attempts >= definition.retry.maxAttempts : true;
}

/** Exponential backoff with full jitter, in milliseconds; not less than what the receiver asked for. */
function delayOf({ context }: Draft, { definition }: ResolvedStep, attempts: number, retryAfter = 0): number {
  if (definition.kind !== "command") return retryAfter;
  const { initialDelay, maxDelay } = definition.retry;
  const bound = Math.min(maxDelay, initialDelay * 2 ** Math.min(attempts - 1, 30));
  return Math.max(Math.round(context.random() * bound), retryAfter);
}

/** Begins the next attempt of a command or of its compensation. */
export function attemptAgain(draft: Draft, step: ResolvedStep, element: number): void {
  const { status } = draft.command(step.name, element);
  if (status.startsWith("und")) beginUndo(draft, step, element);
  else sendAgain(draft, step, element);
}
