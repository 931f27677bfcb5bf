import type { Bus, CallOptions, CallResult } from "../../cqrs/index.js";
import { isStubMessage, PotterError } from "../../errors/index.js";
import type { CommandRecord, RowReader } from "../../store/ports/index.js";
import { type CommandAction, CommandRunner, defaultLease, JoinedCommands, LocalSteps } from "../commands/index.js";
import type { EventStepDefinition, SagaPart } from "../declaration/index.js";
import {
  dueOf,
  type MachineContext,
  type SagaAction,
  type SagaInstance,
  type SagaMessage,
  type SagaOrigin,
} from "../machine/index.js";
import { checkOptions, type SagaCounters } from "../options.js";
import type { Changed, Ignored, Intent, SagaKey } from "../transaction/index.js";
import {
  type DeclaredSaga,
  type DeclaredSagas,
  declareSagas,
  Fenced,
  type QueuedMessage,
  type ReceivedEvent,
  type RecordedResponse,
  type Result,
  receiveKeyed,
  runTransaction,
  StoreClock,
} from "../transaction/index.js";
import { DuePoller } from "./due-poller.js";
import { toDueTables } from "./due-tables.js";
import { FinishedSagas } from "./finished-sagas.js";
import { SagaCounts } from "./saga-counts.js";
import type { SagaDependencies } from "./saga-dependencies.js";
import { SagaQueue } from "./saga-queue.js";
import { suspendIfUnstorable } from "./unstorable-outcome.js";

/** Runs sagas: applies messages to their rows, and carries out what follows. */
export class SagaEngine {
  readonly sagas: DeclaredSagas;
  readonly clock: StoreClock;
  private readonly dependencies: SagaDependencies;
  private readonly queue: SagaQueue<QueuedMessage, Result>;
  private readonly joined: JoinedCommands;
  private readonly local: LocalSteps;
  private readonly runner: CommandRunner;
  private readonly poller: DuePoller;
  private readonly counts = new SagaCounts();
  private bus: Bus | undefined;
  private isStopping = false;

  constructor(parts: readonly SagaPart[], dependencies: SagaDependencies) {
    const { store, logger, options, isLocal } = dependencies;
    this.dependencies = dependencies;
    this.clock = new StoreClock(store.rows.now);
    checkOptions(options);
    const { retention } = options;
    this.sagas = declareSagas(parts, isLocal, retention);
    const finished = new FinishedSagas(store, this.sagas, this.clock, retention);
    this.queue = new SagaQueue({
      run: (key, messages) => suspendIfUnstorable(messages, (given) => this.transact(key, given)),
      mayWait: ({ kind }) => kind === "response" || kind === "failure",
      commandsOf: (key) => this.runner.counts.of(key),
    });
    const dispatch: Bus["dispatch"] = (...given) => this.needBus().dispatch(...given);
    this.joined = new JoinedCommands({ sagas: this.sagas, context: () => this.context(), dispatch });
    this.local = new LocalSteps({ limit: options.commandsPerTransaction, clock: this.clock, dispatch });
    this.runner = new CommandRunner({
      clock: this.clock,
      logger,
      options,
      handles: (method) => dependencies.handles(method),
      isFunction: (method) => dependencies.isFunction(method),
      dispatch,
      dispatchJoined: (...given) => this.dispatchJoined(...given),
      apply: (key, message) => this.apply(key, message),
      onEnd: () => {
        if (this.runner.room >= this.runner.capacity / 2) this.poller.resume();
      },
    });
    this.poller = new DuePoller({
      rows: store.rows,
      tables: toDueTables(this, this.sagas, store.rows, finished, () => this.runner.room <= 0),
      clock: this.clock,
      logger,
      pollInterval: options.pollInterval ?? 1_000,
      beat: () => this.renew(),
      nextBeat: () => this.runner.nextRenewal,
      room: () => this.runner.room,
      onFailures: (count) => {
        this.counts.failures += count;
      },
    });
  }

  get rows(): RowReader {
    return this.dependencies.store.rows;
  }

  get counters(): SagaCounters {
    return this.counts.read(this.runner.size);
  }

  /** Must be called before the first message. The store must be started. */
  async connect(bus: Bus): Promise<void> {
    await this.poller.readClock();
    this.bus = bus;
  }

  /** Begins to look for what is due. */
  start(): void {
    this.poller.start();
  }

  /** Begins no more commands, and resolves when none runs. The sagas go on in other processes. */
  async endWork(): Promise<void> {
    this.isStopping = true;
    await Promise.all([this.poller.stop(), this.runner.settle()]);
  }

  /** Aborts the commands that still run, and lets other processes take them over at once. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const left = this.runner.abort();
    await Promise.all([this.poller.stop(), this.runner.untilReserved()]);
    await Promise.all(
      [...left].map(([key, epochs]) =>
        this.apply(key, { kind: "release", epochs }).catch((error: unknown) => {
          this.dependencies.logger.warn("a saga could not be released, others wait for its lease", {
            saga: key.type,
            error,
          });
        }),
      ),
    );
  }

  /** Starts a saga. false: there is one with its id. */
  async startSaga(key: SagaKey, data: unknown, origin: SagaOrigin): Promise<boolean> {
    return (await this.queue.send(key, { kind: "start", data, origin })) !== "exists";
  }

  /** Applies a message to a saga. Returns why it had no effect; undefined: it had one. */
  async apply(key: SagaKey, message: SagaMessage | RecordedResponse): Promise<Ignored | undefined> {
    return (await this.queue.send(key, message)) as Ignored | undefined;
  }

  /** Applies what a person demands. Before the start, and while the process stops, other processes send the commands that follow. */
  async demand(key: SagaKey, message: SagaMessage): Promise<Ignored | undefined> {
    if (this.bus === undefined) await this.poller.readClock();
    return this.apply(key, message);
  }

  /** Returns a saga; undefined: there is none. */
  async find({ type, tenant, id }: SagaKey): Promise<SagaInstance | undefined> {
    const saga = this.need(type);
    const row = await this.rows.get(saga.table.table, tenant, id);
    return row === undefined ? undefined : saga.table.toInstance(row);
  }

  /** Gives an event to the sagas that wait for it, or keeps it for one that may wait for it later. */
  async receive(
    type: string,
    tenant: string,
    step: EventStepDefinition,
    event: unknown,
    stream: string,
  ): Promise<void> {
    const saga = this.need(type);
    const value = step.eventKey(event as never);
    const early: ReceivedEvent = { tenant, step, value, event, stream, now: this.clock.now() };
    const message = { kind: "event", step: step.name, event, stream } as const;
    if (step.key === undefined) {
      await this.queue.send({ type, tenant, id: value }, { ...message, early });
      return;
    }
    const deliver = (id: string) => this.apply({ type, tenant, id }, message);
    const ignored = await receiveKeyed(this.dependencies.store.rows, saga, early, deliver);
    if (ignored !== undefined) this.counts.ignore("event", ignored);
  }

  need(type: string): DeclaredSaga {
    const saga = this.sagas.get(type);
    if (saga !== undefined) return saga;
    const known = [...this.sagas.keys()].join(", ") || "none";
    throw new PotterError("not_found", `this app has no saga ${type}: it has ${known}`);
  }

  private async transact(key: SagaKey, messages: readonly QueuedMessage[]): Promise<readonly Result[]> {
    const { results, transitions, intent, unrecorded } = await runTransaction(
      {
        rows: this.dependencies.store.rows,
        sagas: this.sagas,
        context: () => this.context(),
        carryOutLocal: (...given) => this.local.carryOut(...given),
        prepare: (begun, stored) => this.prepare(begun, stored),
      },
      key,
      messages,
    );
    for (const [i, { kind }] of messages.entries()) {
      const ignored = results[i];
      if (ignored !== undefined) this.counts.ignore(kind, ignored);
    }
    this.carryOut(transitions.changed, (action) => intent.prepared.has(action) || transitions.carriedOut.has(action));
    await Promise.all(unrecorded.map((command) => this.record(key, command)));
    return results;
  }

  /** The saga has the response, so it is needed only if a person sends the command again. */
  private async record({ tenant }: SagaKey, command: CommandRecord): Promise<void> {
    await this.dependencies.store.events.recordCommand(tenant, command).catch((error: unknown) => {
      this.dependencies.logger.warn("the response of a saga's command could not be recorded", { error });
    });
  }

  /** Returns undefined if the transition of the saga was stored with the command. */
  private async dispatchJoined(
    key: SagaKey,
    action: CommandAction,
    request: unknown,
    options: CallOptions,
  ): Promise<CallResult | undefined> {
    try {
      const done = await this.joined.send(key, action, request, options);
      if ("response" in done) return done;
      this.carryOut(done.changed);
      return undefined;
    } catch (error) {
      if (error instanceof Fenced) this.counts.ignore("response", error.reason);
      throw error;
    }
  }

  /** Does what follows from transitions that are stored. `isBegun`: whether an action was begun before. */
  private carryOut(changed: readonly Changed[], isBegun: (action: SagaAction) => boolean = () => false): void {
    for (const { key, instance, actions, takenOver } of changed) {
      this.counts.transitions++;
      this.counts.takenOver += takenOver;
      this.dependencies.onChange(key, instance);
      for (const action of actions) {
        if (action.kind === "suspended") this.warn(key, action);
        else if (!isBegun(action)) this.runner.begin(key, instance, action);
      }
    }
    const last = new Map(changed.map(({ key, instance }) => [key, instance]));
    for (const instance of last.values()) this.poller.expect(dueOf(instance));
  }

  /** Begins what may begin while the transition is being stored. */
  private prepare(changed: readonly Changed[], intent: Intent): void {
    for (const { key, instance, actions } of changed) {
      for (const action of actions) {
        if (action.kind !== "command" || !this.runner.canPrepare(action)) continue;
        intent.prepared.add(action);
        this.runner.begin(key, instance, action, intent);
      }
    }
  }

  private warn(
    { type, tenant, id }: SagaKey,
    { step, failure }: { readonly step?: string; readonly failure: { readonly reason?: string } },
  ): void {
    const fields = {
      saga: type,
      id,
      ...(tenant !== "" && { tenant }),
      ...(step !== undefined && { step }),
      ...failure,
    };
    const message = isStubMessage(failure.reason ?? "")
      ? "a saga is suspended until its stub is written"
      : "a saga is suspended until a person retries, skips or cancels";
    this.dependencies.logger.warn(message, fields);
  }

  private context(): MachineContext {
    const now = this.clock.now();
    const { lease = defaultLease } = this.dependencies.options;
    const isWorking = this.bus !== undefined && !this.isStopping && this.runner.room > 0;
    const times = { now, latest: this.clock.latest(), lease: now + lease };
    return { ...times, random: Math.random, ...(!isWorking && { sendsNothing: true }) };
  }

  /** Extends the leases of commands that take long, and returns those that would wait long. */
  private async renew(): Promise<void> {
    const returns = [...this.runner.takeReturns()].map(([key, epochs]) => ({ key, kind: "return", epochs }) as const);
    const renewals = [...this.runner.takeRenewals()].map(([key, epochs]) => ({ key, kind: "renew", epochs }) as const);
    await Promise.all([...returns, ...renewals].map(({ key, ...message }) => this.apply(key, message)));
  }

  private needBus(): Bus {
    if (this.bus === undefined) throw new PotterError("internal", "the engine of sagas was not started");
    return this.bus;
  }
}
