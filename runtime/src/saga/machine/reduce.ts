import { advance, failStep, settleUndo } from "./advance.js";
import { BehaviourFault, copyOf } from "./behaviour.js";
import { Draft } from "./draft.js";
import { isStubDue, passTime, waitsForCode } from "./due.js";
import { type CommandState, eventKey, type SagaInstance, type SagaOrigin, type StepState } from "./instance.js";
import type { IgnoredReason, MachineContext, SagaMessage, Transition } from "./message.js";
import { isOperatorMessage, operate } from "./operator.js";
import { failed, fold, respond, whyNot } from "./outcome.js";
import type { ResolvedSaga } from "./resolved-saga.js";

/** What a new saga begins with. */
export interface NewSaga {
  readonly id: string;
  readonly tenant: string;
  readonly data: unknown;
  readonly origin: SagaOrigin;
  /** Default: that of the definition. */
  readonly version?: number;
}

/** Starts a saga. Pure, as `reduce`. */
export function startSaga(saga: ResolvedSaga, given: NewSaga, context: MachineContext): Transition {
  const { deadline, version } = saga.part.saga;
  const instance: SagaInstance = {
    id: given.id,
    tenant: given.tenant,
    version: given.version ?? version,
    status: "running",
    paused: false,
    pivoted: false,
    data: given.data,
    steps: {},
    startedAt: context.now,
    updatedAt: context.now,
    ...(deadline !== undefined && { deadlineAt: (context.latest ?? context.now) + deadline }),
    epoch: 0,
    origin: given.origin,
    history: [],
    frozen: new Map(),
  };
  const draft = new Draft(saga, instance, context);
  const waiting: StepState = { status: "waiting", commands: [] };
  for (const name of draft.steps.keys()) draft.changeStep(name, waiting);
  draft.note("started");
  advance(draft);
  return changed(draft);
}

/**
 * What a message leads to. Pure: the same saga, message and context give the same transition; nothing is changed in place.
 */
export function reduce(
  saga: ResolvedSaga,
  before: SagaInstance,
  message: SagaMessage,
  context: MachineContext,
): Transition {
  const draft = new Draft(saga, before, context);
  const isLease = message.kind === "renew" || message.kind === "release" || message.kind === "return";
  if (!isLease) {
    const lost = findLostStep(draft);
    if (lost !== undefined) return keepOnly(draft, lost, message);
  }
  const isContinued = message.kind === "due" && isStubDue(before, context.now);
  let reason: IgnoredReason | undefined;
  try {
    reason = isContinued ? operate(draft, { kind: "resume" }) : apply(draft, message);
  } catch (error) {
    if (!(error instanceof BehaviourFault)) throw error;
    draft.suspend(error.failure, error.step);
  }
  if (reason !== undefined) return { kind: "ignored", reason };
  if (!isLease) advance(draft);
  if (!isContinued || hasContinued(draft)) return changed(draft);
  // Of a try that has led to nothing only the time is kept, not what it would add to the history.
  return { kind: "changed", instance: { ...before, updatedAt: context.now }, actions: [], related: [], takenOver: 0 };
}

/** Whether a saga that has waited for a function does more than wait for one. */
function hasContinued({ instance, actions, related }: Draft): boolean {
  return !waitsForCode(instance) || related.length > 0 || actions.some(({ kind }) => kind !== "suspended");
}

function changed(draft: Draft): Transition {
  const { actions, related, takenOver } = draft;
  return { kind: "changed", instance: draft.finish(), actions, related, takenOver };
}

/**
 * A saga whose definition has lost a step begins nothing. It is suspended, and keeps what it receives, so that it can continue as if nothing
 * had happened when the step is restored.
 */
function keepOnly(draft: Draft, lost: string, message: SagaMessage): Transition {
  const { status } = draft.instance;
  const isActive = status === "running" || status === "compensating";
  if (isActive) {
    draft.suspend({ code: "failed_precondition", reason: `the definition has lost the step ${lost}` }, lost);
    draft.endLostAttempts();
  }
  const isStopped = isActive || draft.instance.retried !== undefined;
  delete draft.instance.retried;
  const reason = isOperatorMessage(message) ? "unknown_step" : apply(draft, message);
  return isStopped || reason === undefined ? changed(draft) : { kind: "ignored", reason };
}

function findLostStep({ steps, instance }: Draft): string | undefined {
  return Object.keys(instance.steps).find((name) => !steps.has(name));
}

/** Returns why the message changes nothing; undefined: it has changed the draft. */
function apply(draft: Draft, message: SagaMessage): IgnoredReason | undefined {
  if (isOperatorMessage(message)) return operate(draft, message);
  const { status } = draft.instance;
  if (status === "completed" || status === "compensated") return "ended";
  switch (message.kind) {
    case "response":
    case "failure": {
      const step = draft.steps.get(message.step);
      if (step === undefined) return "unknown_step";
      const reason = whyNot(draft, message);
      if (reason === undefined)
        message.kind === "response" ? respond(draft, step, message) : failed(draft, step, message);
      return reason;
    }
    case "event":
      return receiveEvent(draft, message.step, message.event);
    case "due":
      return passTime(draft) ? undefined : "not_due";
    case "child_ended":
    case "child_refused":
      return hearOfChild(draft, message);
    case "unstorable":
      if (status === "suspended") return "unchanged";
      draft.suspend(message.failure, message.step);
      return undefined;
    case "renew":
      return draft.setLeases(message.epochs, () => ({ lease: draft.context.lease })) ? undefined : "fenced";
    case "release":
      return draft.setLeases(message.epochs, () => leftAt(draft, "stopped")) ? undefined : "fenced";
    case "return": {
      const unsent = ({ attempts }: CommandState) => ({ ...leftAt(draft, "unsent"), attempts: attempts - 1 });
      return draft.setLeases(message.epochs, unsent) ? undefined : "fenced";
    }
  }
}

/** A command that its process leaves to others, at once. */
function leftAt({ context: { now } }: Draft, left: "unsent" | "stopped"): Pick<CommandState, "lease" | "left"> {
  return { lease: now, left };
}

function receiveEvent(draft: Draft, name: string, event: unknown): IgnoredReason | undefined {
  const definition = draft.steps.get(name)?.definition;
  if (definition?.kind !== "event") return "unknown_step";
  const { status } = draft.state(name);
  const isExpected = status === "running" || (status === "waiting" && !definition.ignoreEarly);
  if (!isExpected || draft.frozenOf(eventKey(name)) !== undefined) return "not_expected";
  // Kept until the step has taken it: a function that throws must not lose it.
  draft.freeze(eventKey(name), definition.event.codec.encode(event as never));
  if (status === "waiting") draft.note("event_kept", name);
  return undefined;
}

function hearOfChild(
  draft: Draft,
  message: Extract<SagaMessage, { kind: "child_ended" | "child_refused" }>,
): IgnoredReason | undefined {
  const step = draft.steps.get(message.step);
  if (step === undefined) return "unknown_step";
  const { name } = step;
  const { status } = draft.command(name, 0);
  const isCompensating = draft.instance.status === "compensating";
  if (status === "undoing") {
    if (message.kind === "child_refused") {
      draft.moveCommand(name, 0, "block", { failure: message.failure });
      draft.suspend(message.failure, name);
    } else if (message.status === "completed") return "not_running";
    else {
      draft.moveCommand(name, 0, "undone");
      settleUndo(draft, step);
    }
    return undefined;
  }
  if (status !== "sent") return "not_running";
  if (message.kind === "child_ended" && message.status === "completed") {
    const { definition, behaviour } = step;
    const { completed: add } = behaviour;
    const codec = definition.kind === "saga" ? definition.saga().codec : undefined;
    const next = add && codec && (() => add(draft.copyData(), copyOf(codec, message.data)));
    fold(draft, step, 0, next);
    return undefined;
  }
  const failure =
    message.kind === "child_refused" ? message.failure : { code: "aborted", reason: "its saga was compensated" };
  if (draft.instance.pivoted || (draft.instance.status === "suspended" && !isCompensating)) {
    draft.moveCommand(name, 0, "block", { failure });
    draft.suspend(failure, name);
    return undefined;
  }
  draft.moveCommand(name, 0, "refuse", { failure });
  failStep(draft, step, failure);
  return undefined;
}
