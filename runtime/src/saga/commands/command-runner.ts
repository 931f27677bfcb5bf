import { retryDelay, sleep } from "../../async/index.js";
import { isTemporary, PotterError } from "../../errors/index.js";
import type { CommandAddress, SagaInstance, SagaMessage } from "../machine/index.js";
import type { Intent, RecordedResponse, SagaKey } from "../transaction/index.js";
import { Fenced } from "../transaction/index.js";
import { type Attempt, callCommand, leaseOf } from "./call-command.js";
import { classifyError } from "./classify-error.js";
import { type CommandCount, CommandCounts } from "./command-counts.js";
import type { CommandAction, CommandHost } from "./command-host.js";
import { abortAt } from "./limit.js";

type Outcome = Extract<SagaMessage, { kind: "failure" }> | RecordedResponse;

/** The intent of a command that begins when its transition is stored. */
const stored = Promise.resolve();

/** Delays of attempts to store an outcome while the store is away, in milliseconds. */
const storeBackoff = { base: 20, cap: 1_000 };

interface Running extends Attempt {
  readonly epoch: number;
  /** Of its saga. */
  readonly count: CommandCount;
  /** When its lease has to be extended, by `performance.now()`. */
  renewAt: number;
  /** false: it waits for others to end. */
  hasBegun: boolean;
}

/** Runs commands of sagas, as many at the same time as the process may. */
export class CommandRunner {
  private readonly host: CommandHost;
  /** The commands of each saga. */
  readonly counts: CommandCounts = new CommandCounts();
  private readonly running = new Set<Running>();
  private readonly waiting: (() => void)[] = [];
  private readonly work = new Set<Promise<void>>();
  private active = 0;
  private isStopping = false;

  constructor(host: CommandHost) {
    this.host = host;
  }

  /** Commands that run or wait to run. */
  get size(): number {
    return this.running.size;
  }

  /**
   * How many commands may be begun now. Those that wait for others to end have leases, which cost a transition each time that they are
   * extended: so only a few wait here, and all others in their rows.
   */
  get room(): number {
    return this.capacity - this.running.size;
  }

  /** Commands that run or wait to run, at most; a saga with several may exceed it. */
  get capacity(): number {
    return 2 * this.concurrency;
  }

  private get concurrency(): number {
    return this.host.options.concurrency ?? 100;
  }

  /** Whether a command may begin while its transition is being stored. */
  canPrepare({ isLocal, method }: CommandAction): boolean {
    return !isLocal && !this.isStopping && this.host.isFunction(method);
  }

  /**
   * Begins a command; its outcome goes to the saga. While the runner stops, none is begun. `intent`: the transition that begins it is
   * being stored.
   */
  begin(key: SagaKey, instance: SagaInstance, action: CommandAction, intent?: Intent): void {
    if (this.isStopping) return;
    const one: Running = {
      key,
      epoch: action.epoch,
      controller: new AbortController(),
      intent: intent?.stored ?? stored,
      // Half, since the clock of the store may run faster.
      ownUntil: intent === undefined || !action.isFirst ? 0 : intent.begunAt + this.lease / 2,
      reserved: undefined,
      count: this.counts.add(key),
      renewAt: performance.now() + this.lease / 3,
      hasBegun: false,
    };
    this.running.add(one);
    const work = this.run(one, instance, action)
      .catch((error: unknown) => {
        if (error instanceof Fenced) return;
        this.host.logger.error("a command of a saga could not be carried out", { ...fieldsOf(key, action), error });
      })
      .finally(() => {
        this.running.delete(one);
        this.counts.remove(key, one.count);
        this.work.delete(work);
        this.host.onEnd();
      });
    this.work.add(work);
  }

  /** The sagas whose leases have to be extended now, each with the epochs of its commands. */
  takeRenewals(): ReadonlyMap<SagaKey, ReadonlySet<number>> {
    const now = performance.now();
    return this.grouped([...this.running].filter(({ renewAt }) => renewAt <= now));
  }

  /** The same for commands that will not be sent, since too many wait before them: a burst of sagas begins more than there is room for. */
  takeReturns(): ReadonlyMap<SagaKey, ReadonlySet<number>> {
    const now = performance.now();
    const waiting = [...this.running].filter(({ hasBegun }) => !hasBegun).slice(this.concurrency);
    const over = waiting.filter(({ renewAt }) => renewAt <= now);
    for (const one of over) {
      this.running.delete(one);
      one.controller.abort(new PotterError("unavailable", "there is no room for the command"));
    }
    return this.grouped(over);
  }

  /** When the next lease has to be extended, by `performance.now()`. */
  get nextRenewal(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { renewAt } of this.running) if (renewAt < next) next = renewAt;
    return next;
  }

  /** Begins no more commands, and resolves when none runs. */
  async settle(): Promise<void> {
    this.isStopping = true;
    while (this.work.size > 0) await Promise.all(this.work);
  }

  /** Aborts all commands. Returns their epochs, for others to take over. */
  abort(): ReadonlyMap<SagaKey, ReadonlySet<number>> {
    this.isStopping = true;
    const left = this.grouped([...this.running]);
    for (const { controller } of this.running) controller.abort(new PotterError("unavailable", "the app was stopped"));
    for (const go of this.waiting.splice(0)) go();
    return left;
  }

  /** Resolves when others may send the commands that were aborted. */
  async untilReserved(): Promise<void> {
    await Promise.all([...this.running].map(({ reserved }) => reserved));
  }

  private grouped(all: readonly Running[]): ReadonlyMap<SagaKey, ReadonlySet<number>> {
    const found = new Map<SagaKey, Set<number>>();
    for (const one of all) {
      one.renewAt = performance.now() + this.lease / 3;
      found.set(one.key, (found.get(one.key) ?? new Set()).add(one.epoch));
    }
    return found;
  }

  private get lease(): number {
    return leaseOf(this.host);
  }

  private async run(one: Running, instance: SagaInstance, action: CommandAction): Promise<void> {
    const { signal } = one.controller;
    await this.enter();
    one.hasBegun = true;
    one.count.running++;
    const timer = abortAt(one.controller, action.timeoutAt, this.host.clock.now());
    try {
      if (signal.aborted) return;
      const message = await this.send(one, instance, action);
      if (message === undefined) return;
      // Otherwise the reason is that of a command that the saga does not know.
      await one.intent;
      await this.report(one, message);
    } finally {
      clearTimeout(timer);
      one.count.running--;
      this.active--;
      this.waiting.shift()?.();
    }
  }

  private async enter(): Promise<void> {
    while (this.active >= this.concurrency && !this.isStopping) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.active++;
  }

  /** Returns the outcome for the saga; undefined: it has it, or must not have it. */
  private async send(one: Running, instance: SagaInstance, action: CommandAction): Promise<Outcome | undefined> {
    const { key, controller } = one;
    const { method, step, element, phase, epoch } = action;
    const address: CommandAddress = { step, element, phase, epoch };
    try {
      const response = await callCommand(this.host, one, instance.origin, action);
      return response && { kind: "response", ...response, ...address };
    } catch (error) {
      if (error instanceof Fenced) return undefined;
      await one.reserved;
      const { reason } = controller.signal;
      // Not the command has failed: this process stops, and another one sends it again.
      if (controller.signal.aborted && this.isStopping) return undefined;
      const classified = classifyError(controller.signal.aborted && !isDefinite(error) ? reason : error);
      this.host.logger.info("a command of a saga failed", {
        ...fieldsOf(key, action),
        method: `${method.service}.${method.name}`,
        attempt: action.attempt,
        outcome: classified.outcome,
        code: classified.failure.code,
      });
      return { kind: "failure", ...classified, ...address };
    }
  }

  /** Stores an outcome, as often as it takes while the store is away: the lease says how long others wait for it. */
  private async report({ key, controller }: Running, message: Outcome): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.host.apply(key, message);
        return;
      } catch (error) {
        if (!isTemporary(error) || (this.isStopping && controller.signal.aborted)) throw error;
        await sleep(retryDelay(attempt, storeBackoff), this.isStopping ? controller.signal : undefined);
      }
    }
  }
}

/** Whether an error says more than that the caller has gone. */
function isDefinite(error: unknown): boolean {
  return classifyError(error).outcome !== "unknown";
}

function fieldsOf({ type, id }: SagaKey, { step, element, phase }: CommandAddress): Readonly<Record<string, unknown>> {
  return { saga: type, id, step, ...(element > 0 && { element }), ...(phase === "undo" && { phase }) };
}
