import type { SagaPart } from "../../saga/declaration/index.js";
import {
  dueOf,
  type IgnoredReason,
  idOf,
  type MachineContext,
  type Phase,
  type RelatedAction,
  ResolvedSaga,
  reduce,
  type SagaAction,
  type SagaInstance,
  type SagaMessage,
  startSaga,
  type Transition,
} from "../../saga/machine/index.js";

/** The process of a trial never dies: it holds its commands for ever, without renewals. */
const lease = Number.MAX_SAFE_INTEGER;

export type SentCommand = Extract<SagaAction, { kind: "command" }>;

/** Sagas that a trial knows, by the full name of their data. */
export type TrialSagas = ReadonlyMap<string, ResolvedSaga>;

export function resolveAll(parts: readonly SagaPart[]): TrialSagas {
  return new Map(parts.map((part) => [part.saga.name, new ResolvedSaga(part)]));
}

/** One saga with its child sagas, in memory, on a clock of its own. Immutable. */
export class SagaTrial {
  readonly saga: ResolvedSaga;
  readonly now: number;
  /** Commands that were sent by the last message, those of child sagas included. */
  readonly sent: readonly SentCommand[];
  /** Why the last message changed nothing. */
  readonly ignored: IgnoredReason | undefined;
  private readonly sagas: TrialSagas;
  private readonly id: string;
  private readonly instances: ReadonlyMap<string, SagaInstance>;

  private constructor(sagas: TrialSagas, saga: ResolvedSaga, id: string, now: number, world: World) {
    this.sagas = sagas;
    this.saga = saga;
    this.id = id;
    this.now = now;
    this.instances = world.instances;
    this.sent = world.sent;
    this.ignored = world.ignored;
  }

  static start(sagas: TrialSagas, saga: ResolvedSaga, data: unknown, now: number, version?: number): SagaTrial {
    const message = saga.part.saga.codec.create(data as never);
    const id = idOf(saga.part.saga, message);
    const world = new World(sagas, new Map(), contextAt(now));
    world.start(saga, id, message, {}, version);
    return new SagaTrial(sagas, saga, id, now, world);
  }

  get instance(): SagaInstance {
    return this.instances.get(keyOf(this.saga.name, this.id)) as SagaInstance;
  }

  /** A child saga of a step; undefined: it was not started. */
  childOf(step: string): SagaInstance | undefined {
    const definition = this.saga.steps(this.instance.version).get(step)?.definition;
    const id = this.instance.steps[step]?.child;
    return definition?.kind === "saga" && id !== undefined
      ? this.instances.get(keyOf(definition.saga().name, id))
      : undefined;
  }

  /** When something is due for any of the sagas; 0: never. */
  get due(): number {
    const times = [...this.instances.values()].map(dueOf).filter((due) => due > 0);
    return times.length === 0 ? 0 : Math.min(...times);
  }

  /** The saga after a message. `of`: a child saga. */
  send(message: SagaMessage, of?: { readonly type: string; readonly id: string }): SagaTrial {
    const world = new World(this.sagas, new Map(this.instances), contextAt(this.now));
    world.apply(of?.type ?? this.saga.name, of?.id ?? this.id, message);
    return new SagaTrial(this.sagas, this.saga, this.id, this.now, world);
  }

  /** The saga at a later time, after everything that became due until then. Commands under way stay under way. */
  at(time: number): SagaTrial {
    let trial: SagaTrial = this;
    const sent: SentCommand[] = [];
    while (trial.now < time) {
      const { due } = trial;
      const next = due === 0 || due > time ? time : Math.max(due, trial.now);
      const world = new World(this.sagas, new Map(trial.instances), contextAt(next));
      for (const key of trial.instances.keys()) {
        const { type, id } = toId(key);
        world.apply(type, id, { kind: "due" });
      }
      trial = new SagaTrial(this.sagas, this.saga, this.id, next, world);
      sent.push(...world.sent);
      if (due === 0 || due > time) break;
    }
    return Object.assign(Object.create(SagaTrial.prototype), trial, { sent });
  }

  /** The command of a step that is under way; undefined: there is none. */
  underWay(step: string, element: number, phase: Phase): { readonly epoch: number } | undefined {
    const command = this.instance.steps[step]?.commands[element];
    const status = phase === "do" ? "sent" : "undoing";
    return command?.status === status && command.epoch !== undefined ? { epoch: command.epoch } : undefined;
  }
}

/** The sagas during one message. */
class World {
  readonly instances: Map<string, SagaInstance>;
  readonly sent: SentCommand[] = [];
  ignored: IgnoredReason | undefined;
  private readonly sagas: TrialSagas;
  private readonly context: MachineContext;

  constructor(sagas: TrialSagas, instances: Map<string, SagaInstance>, context: MachineContext) {
    this.sagas = sagas;
    this.instances = instances;
    this.context = context;
  }

  start(
    saga: ResolvedSaga,
    id: string,
    data: unknown,
    origin: { readonly parent?: { readonly type: string; readonly id: string; readonly step: string } },
    version?: number,
  ): void {
    const given = { id, tenant: "", data, origin: { correlationId: id, ...origin } };
    const transition = startSaga(saga, version === undefined ? given : { ...given, version }, this.context);
    this.store(saga.name, id, transition);
  }

  apply(type: string, id: string, message: SagaMessage): void {
    const before = this.instances.get(keyOf(type, id));
    const saga = this.sagas.get(type);
    if (before === undefined || saga === undefined) return;
    this.store(type, id, reduce(saga, before, message, this.context));
  }

  private store(type: string, id: string, transition: Transition): void {
    if (transition.kind === "ignored") {
      this.ignored = transition.reason;
      return;
    }
    this.instances.set(keyOf(type, id), transition.instance);
    this.sent.push(...transition.actions.filter((action) => action.kind === "command"));
    for (const action of transition.related) this.relate(type, id, action);
  }

  private relate(type: string, id: string, action: RelatedAction): void {
    if (action.kind === "tell_parent") {
      const { parent, status, data } = action;
      this.apply(parent.type, parent.id, { kind: "child_ended", step: parent.step, status, data });
      return;
    }
    const child = this.sagas.get(action.saga.name);
    const refuse = (code: string) =>
      this.apply(type, id, { kind: "child_refused", step: action.step, failure: { code } });
    const key = keyOf(action.saga.name, action.id);
    const before = this.instances.get(key);
    if (child === undefined) refuse("unimplemented");
    else if (action.kind === "start_child") {
      if (before !== undefined) refuse("already_exists");
      else this.start(child, action.id, action.data, { parent: { type, id, step: action.step } });
    } else if (before === undefined || before.status === "compensated") {
      const data = before?.data;
      this.apply(type, id, { kind: "child_ended", step: action.step, status: "compensated", data });
    } else {
      const transition = reduce(child, before, { kind: "compensate" }, this.context);
      if (transition.kind === "changed") this.store(action.saga.name, action.id, transition);
      // Otherwise it is compensated already, and will tell.
      else if (transition.reason !== "unchanged") refuse("failed_precondition");
    }
  }
}

function contextAt(now: number): MachineContext {
  // The longest delay of a retry, so that tests need no luck.
  return { now, lease, random: () => 0.999_999 };
}

function keyOf(type: string, id: string): string {
  return `${type}/${id}`;
}

function toId(key: string): { readonly type: string; readonly id: string } {
  const at = key.indexOf("/");
  return { type: key.slice(0, at), id: key.slice(at + 1) };
}
