import {
  type CommandState,
  type CommandStatus,
  type Phase,
  requestKey,
  type SagaFailure,
  type SagaHistoryEntry,
  type SagaInstance,
  type StepState,
} from "./instance.js";
import {
  type CommandEvent,
  commandMachine,
  type LifecycleEvent,
  lifecycle,
  type StepEvent,
  stepMachine,
} from "./machines.js";
import type { MachineContext, RelatedAction, SagaAction } from "./message.js";
import type { ResolvedSaga, ResolvedStep, ResolvedSteps } from "./resolved-saga.js";

/** How many entries the history of a saga keeps, the newest. */
const historySize = 200;

/** In which states the request of a phase is still needed: another attempt sends the same bytes. */
const sendable: Readonly<Record<Phase, ReadonlySet<CommandStatus>>> = {
  do: new Set(["sent", "waiting", "blocked"]),
  undo: new Set(["undoing", "undo_waiting", "undo_blocked"]),
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A saga during one transition. All states change through the state machines. */
export class Draft {
  readonly saga: ResolvedSaga;
  readonly steps: ResolvedSteps;
  readonly context: MachineContext;
  readonly actions: SagaAction[] = [];
  readonly related: RelatedAction[] = [];
  takenOver = 0;
  readonly instance: Mutable<SagaInstance>;
  private readonly states: Map<string, StepState>;
  private readonly history: SagaHistoryEntry[];
  private readonly frozen: Map<string, Uint8Array>;
  /** The data, once it was encoded. */
  private bytesOfData: Uint8Array | undefined;
  private epochOfThis: number | undefined;

  constructor(saga: ResolvedSaga, before: SagaInstance, context: MachineContext) {
    this.saga = saga;
    this.steps = saga.steps(before.version);
    this.context = context;
    this.instance = { ...before };
    this.states = new Map(Object.entries(before.steps));
    this.history = [...before.history];
    this.frozen = new Map(before.frozen);
  }

  /** The saga after the transition. */
  finish(): SagaInstance {
    return {
      ...this.instance,
      steps: Object.fromEntries(this.states),
      history: this.history.slice(-historySize),
      frozen: this.frozen,
      updatedAt: this.context.now,
    };
  }

  state(step: string): StepState {
    return this.states.get(step) ?? { status: "waiting", commands: [] };
  }

  command(step: string, element: number): CommandState {
    return this.state(step).commands[element] ?? { status: "idle", attempts: 0 };
  }

  /** Notes something in the history. */
  note(event: string, step?: string, failure?: SagaFailure): void {
    this.history.push({
      at: this.context.now,
      event,
      ...(step !== undefined && { step }),
      ...(failure && { failure }),
    });
  }

  /** Moves the saga on. false: its state has no such transition. */
  moveSaga(type: LifecycleEvent, failure?: SagaFailure): boolean {
    const { instance } = this;
    const data = { pivoted: instance.pivoted, before: instance.before };
    const step = lifecycle.next({ state: instance.status, data }, { type });
    if (step.kind === "refused") return false;
    instance.status = step.to;
    if (step.to === "suspended") instance.before = step.from === "compensating" ? "compensating" : "running";
    else {
      delete instance.before;
      delete instance.suspendedBy;
      delete instance.retried;
    }
    if (failure !== undefined) instance.failure = failure;
    else if (type === "resume") delete instance.failure;
    this.note(type === "block" ? "suspended" : step.to === "running" ? "resumed" : step.to, undefined, failure);
    return true;
  }

  /** Moves a step on. Throws if its state has no such transition: callers check first. */
  moveStep(step: string, type: StepEvent, changes: Partial<StepState> = {}): void {
    const before = this.state(step);
    const { snapshot, kind } = stepMachine.next({ state: before.status, data: undefined }, { type });
    if (kind === "refused") throw new Error(`step ${step}: ${before.status} does not accept ${type}`);
    const isBegin = type === "begin" || type === "undo";
    const time = isBegin ? { startedAt: before.startedAt ?? this.context.now } : { endedAt: this.context.now };
    this.states.set(step, { ...before, ...time, ...changes, status: snapshot.state });
    this.note(`step_${snapshot.state}`, step, changes.failure);
  }

  changeStep(step: string, changes: Partial<StepState>): void {
    this.states.set(step, { ...this.state(step), ...changes });
  }

  /** Its limit is over, and is not looked at again. */
  endLimit(step: string): void {
    const { timeoutAt: _, ...state } = this.state(step);
    this.states.set(step, state);
  }

  /** Moves a command on. Throws if its state has no such transition: callers check first. */
  moveCommand(step: string, element: number, type: CommandEvent, changes: Partial<CommandState> = {}): void {
    const before = this.command(step, element);
    const { snapshot, kind } = commandMachine.next({ state: before.status, data: undefined }, { type });
    if (kind === "refused") throw new Error(`command ${step}/${element}: ${before.status} does not accept ${type}`);
    // What belongs to an attempt ends with it.
    const { epoch: _, lease: __, retryAt: ___, refused: ____, left: _____, ...kept } = before;
    this.setCommand(step, element, { ...kept, ...changes, status: snapshot.state });
    // Each transition writes all that is kept.
    for (const phase of ["do", "undo"] as const) {
      const isOver = sendable[phase].has(before.status) && !sendable[phase].has(snapshot.state);
      if (isOver) this.frozen.delete(requestKey(step, element, phase));
    }
  }

  /** Begins an attempt: the process that stores this transition runs it, unless it sends nothing. */
  begin(step: ResolvedStep, element: number, phase: Phase, request: Uint8Array): void {
    const { name, definition } = step;
    if (definition.kind !== "command") throw new Error(`step ${name} has no command`);
    const method = phase === "do" ? definition.command : definition.compensation;
    if (method === undefined) throw new Error(`step ${name} has no compensation`);
    const epoch = this.claim();
    const { lease, now, sendsNothing } = this.context;
    const { attempts, losses = 0, doubt, failure } = this.command(name, element);
    const attempt = attempts + 1;
    const changes = sendsNothing
      ? ({ attempts, epoch, lease: now, left: "unsent" } as const)
      : { attempts: attempt, epoch, lease };
    this.moveCommand(name, element, phase === "do" ? "send" : "undo", changes);
    this.frozen.set(requestKey(name, element, phase), request);
    if (sendsNothing) return;
    // While the saga is suspended, nobody looks at limits.
    const timeoutAt = this.instance.status === "suspended" ? undefined : this.state(name).timeoutAt;
    this.actions.push({
      kind: "command",
      step: name,
      element,
      phase,
      epoch,
      method,
      request,
      attempt,
      isFirst: attempts + losses === 0 && doubt === undefined && failure === undefined,
      isLocal: phase === "do" ? step.isLocal : step.isUndoneLocally,
      ...(phase === "do" && timeoutAt !== undefined && { timeoutAt }),
    });
  }

  /** Whether a command of the step waits for a decision. */
  isBlocked(step: string): boolean {
    return this.state(step).commands.some(({ status }) => status === "blocked" || status === "undo_blocked");
  }

  /** Begins to count attempts again. */
  resetAttempts(step: string, element: number): void {
    const { losses: _, ...command } = this.command(step, element);
    this.setCommand(step, element, { ...command, attempts: 0 });
  }

  /** Sets when commands of these epochs are lost to other processes. Returns whether there are any. */
  setLeases(epochs: ReadonlySet<number>, change: (command: CommandState) => Partial<CommandState>): boolean {
    let isAny = false;
    for (const [name, { commands }] of this.states) {
      commands.forEach((command, element) => {
        if (command.epoch === undefined || !epochs.has(command.epoch)) return;
        this.setCommand(name, element, { ...command, ...change(command) });
        isAny = true;
      });
    }
    return isAny;
  }

  /**
   * Commands of steps that the definition has lost: their outcome is unknown, and they are sent again when a person has resumed the saga, by
   * whatever demand.
   */
  endLostAttempts(): void {
    const retryAt = this.context.now;
    // Shows that it was sent, also when a person begins to count attempts again.
    const failure = { code: "unavailable", reason: "the definition has lost the step while the command was under way" };
    for (const [name, { commands }] of this.states) {
      if (this.steps.has(name)) continue;
      for (const [element, { status }] of commands.entries()) {
        if (status === "sent") this.moveCommand(name, element, "wait", { doubt: true, retryAt });
        else if (status === "undoing") this.moveCommand(name, element, "wait", { retryAt, failure });
      }
    }
  }

  frozenOf(key: string): Uint8Array | undefined {
    return this.frozen.get(key);
  }

  freeze(key: string, bytes: Uint8Array): void {
    this.frozen.set(key, bytes);
  }

  thaw(key: string): void {
    this.frozen.delete(key);
  }

  /** The data for a function of the behaviour: a copy, so that only what the function returns has an effect. */
  copyData(): never {
    const { codec } = this.saga.part.saga;
    this.bytesOfData ??= codec.encode(this.instance.data as never);
    return codec.decode(this.bytesOfData) as never;
  }

  /** Sets the saga's data from what a function of the behaviour returned. Throws if that is no data of this saga. */
  setData(next: unknown): void {
    const { codec, key } = this.saga.part.saga;
    if (typeof next !== "object" || next === null) throw new TypeError("no data was returned");
    const data = codec.create(toInit(next) as never);
    if (key(data as never) !== this.instance.id) throw new TypeError("the data returned has another id");
    // What cannot be encoded would prevent each later transition from being stored.
    const bytes = codec.encode(data as never);
    this.instance.data = data;
    this.bytesOfData = bytes;
  }

  /** A person must act. */
  suspend(failure: SagaFailure, step?: string): void {
    if (!this.moveSaga("block", failure)) return;
    if (step !== undefined && this.steps.has(step) && !this.isBlocked(step)) this.instance.suspendedBy = step;
    this.actions.push({ kind: "suspended", failure, ...(step !== undefined && { step }) });
  }

  /** All commands that one transition begins have the same epoch. */
  private claim(): number {
    if (this.epochOfThis === undefined) {
      this.epochOfThis = this.instance.epoch + 1;
      this.instance.epoch = this.epochOfThis;
    }
    return this.epochOfThis;
  }

  private setCommand(step: string, element: number, command: CommandState): void {
    const state = this.state(step);
    const commands = [...state.commands];
    commands[element] = command;
    this.states.set(step, { ...state, commands });
  }
}

/** A copy without the type name of protobuf-es, with which a copied message would be taken for a complete one. */
export function toInit(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("$typeName" in value)) return value;
  const { $typeName: _, $unknown: __, ...init } = value as { $typeName: unknown; $unknown?: unknown };
  return init;
}
