import { PotterError } from "../../errors/index.js";
import {
  type IgnoredReason,
  type MachineContext,
  type RelatedAction,
  reduce,
  type SagaAction,
  type SagaInstance,
  type SagaMessage,
  type SagaOrigin,
  startSaga,
  type Transition,
} from "../machine/index.js";
import type { SagaRows } from "./coalesced-rows.js";
import type { DeclaredSaga, DeclaredSagas } from "./declared-sagas.js";
import { deferMessage, takeEarly } from "./early-events.js";
import { answerOfChild, isForeign, whyNoChild } from "./related-sagas.js";
import type { SagaKey } from "./saga-key.js";
import { registerKeys } from "./saga-keys.js";

/** A saga that is about to start. */
export interface SagaStart {
  readonly data: unknown;
  readonly origin: SagaOrigin;
}

/** Why a message had no effect. */
export type Ignored = IgnoredReason | "unknown_saga" | "newer_version";

/** A saga after a transition, and what is to be done once it is stored. */
export interface Changed {
  readonly key: SagaKey;
  readonly instance: SagaInstance;
  readonly actions: readonly SagaAction[];
  readonly takenOver: number;
}

/** A command that may be carried out in the transaction that begins it. */
export interface LocalCommand {
  readonly key: SagaKey;
  readonly origin: SagaOrigin;
  readonly action: Extract<SagaAction, { kind: "command" }>;
}

/** What a transaction over sagas has led to. Starts empty with each run of the transaction. */
export class Transitions {
  readonly changed: Changed[] = [];
  /** Actions that were carried out in the transaction. */
  readonly carriedOut: Set<SagaAction> = new Set();
  private readonly sagas: DeclaredSagas;
  private readonly rows: SagaRows;
  /** Read after the row: time must not be older than what it shows. */
  private readonly context: () => MachineContext;

  constructor(sagas: DeclaredSagas, rows: SagaRows, context: () => MachineContext) {
    this.sagas = sagas;
    this.rows = rows;
    this.context = context;
  }

  /** Applies a message. Returns why it had no effect; undefined: it had one. */
  async apply(key: SagaKey, message: SagaMessage): Promise<Ignored | undefined> {
    const saga = this.sagas.get(key.type);
    const before = saga && (await this.read(saga, key));
    if (saga === undefined || before === undefined) return "unknown_saga";
    if (isForeign(this.sagas, saga.definition, before)) {
      // Newer processes continue it.
      await deferMessage(this.rows, saga, key, message, this.context().now);
      return "newer_version";
    }
    return this.store(saga, key, before, reduce(saga.resolved, before, message, this.context()));
  }

  /** Runs work that applies messages, and undoes them if it fails. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const before = this.changed.length;
    try {
      return await this.rows.attempt(work);
    } catch (error) {
      this.changed.length = before;
      throw error;
    }
  }

  /** The next local command that the transitions begin. */
  nextLocal(): LocalCommand | undefined {
    for (const { key, instance, actions } of this.changed) {
      for (const action of actions) {
        if (action.kind !== "command" || !action.isLocal || this.carriedOut.has(action)) continue;
        return { key, origin: instance.origin, action };
      }
    }
    return undefined;
  }

  /** Starts a saga. Returns why it was not; undefined: it was. */
  async start(key: SagaKey, { data, origin }: SagaStart): Promise<Ignored | "exists" | undefined> {
    const saga = this.sagas.get(key.type);
    if (saga === undefined) throw new PotterError("not_found", `this app has no saga ${key.type}`);
    // Ids of new sagas are new: a read would rarely find one.
    this.rows.expectMissing?.(saga.table.table, key.tenant, key.id);
    if ((await this.read(saga, key)) !== undefined) return "exists";
    const { id, tenant } = key;
    return this.store(saga, key, undefined, startSaga(saga.resolved, { id, tenant, data, origin }, this.context()));
  }

  private async read({ table }: DeclaredSaga, { tenant, id }: SagaKey): Promise<SagaInstance | undefined> {
    const row = await this.rows.get(table.table, tenant, id);
    return row === undefined ? undefined : table.toInstance(row);
  }

  private async store(
    saga: DeclaredSaga,
    key: SagaKey,
    before: SagaInstance | undefined,
    transition: Transition,
  ): Promise<IgnoredReason | undefined> {
    if (transition.kind === "ignored") return transition.reason;
    const { instance, actions, related, takenOver } = transition;
    const { now } = this.context();
    await this.rows.put(saga.table.table, key.tenant, key.id, saga.table.toRow(instance));
    const begun = [...(saga.keyed.length > 0 ? await registerKeys(this.rows, saga, key, before, instance, now) : [])];
    if (before === undefined) begun.push(...saga.early.map((step) => ({ step, value: key.id })));
    this.changed.push({ key, instance, actions, takenOver });
    for (const action of related) await this.relate(key, action);
    for (const { step, value } of begun) {
      const event = await takeEarly(this.rows, saga, key.tenant, step, value, now);
      if (event !== undefined) await this.apply(key, { kind: "event", step: step.name, event });
    }
    return undefined;
  }

  /** Sagas of one family change together. */
  private async relate(key: SagaKey, action: RelatedAction): Promise<void> {
    const { tenant } = key;
    if (action.kind === "tell_parent") {
      const { parent, status, data } = action;
      await this.apply(
        { type: parent.type, tenant, id: parent.id },
        { kind: "child_ended", step: parent.step, status, data },
      );
      return;
    }
    const { step } = action;
    const child: SagaKey = { type: action.saga.name, tenant, id: action.id };
    const refuse = (code: string, reason: string) =>
      this.apply(key, { kind: "child_refused", step, failure: { code, reason } });
    if (action.kind === "start_child") {
      const parent = { type: key.type, id: key.id, step };
      const saga = this.sagas.get(key.type);
      const own = saga && (await this.read(saga, key));
      const depth = (own?.origin.depth ?? 0) + 1;
      const fault = whyNoChild(child.id, depth);
      if (fault !== undefined) {
        await refuse(fault.code, fault.reason);
        return;
      }
      const origin = { ...own?.origin, correlationId: own?.origin.correlationId ?? key.id, parent, depth };
      const exists = await this.start(child, { data: action.data, origin });
      if (exists !== undefined) await this.join(key, child, step, refuse);
      return;
    }
    const reason = await this.apply(child, { kind: "compensate" });
    const answer = answerOfChild(reason, step);
    if (answer !== undefined) await this.apply(key, answer);
  }

  /** A step whose child exists, since a person has retried it. */
  private async join(
    key: SagaKey,
    child: SagaKey,
    step: string,
    refuse: (code: string, reason: string) => Promise<unknown>,
  ): Promise<void> {
    const saga = this.sagas.get(child.type);
    const found = saga && (await this.read(saga, child));
    const parent = found?.origin.parent;
    if (found === undefined || parent?.type !== key.type || parent.id !== key.id || parent.step !== step) {
      await refuse("already_exists", "another saga has the id of the child");
    } else if (found.status === "completed" || found.status === "compensated") {
      await this.apply(key, { kind: "child_ended", step, status: found.status, data: found.data });
    }
  }
}
