import { isRequestBound, queueMacrotask } from "../../async/index.js";
import type { CallResult } from "../../cqrs/index.js";
import { isTemporary } from "../../errors/index.js";
import type { StreamId } from "../../store/ports/index.js";
import type { Loaded } from "../decision/index.js";
import type { InlineProjections, Repository } from "../repository/index.js";
import type { CommandRun, DecidedCall } from "./command-run.js";
import { waitAfterConflict } from "./conflict-backoff.js";
import { maxAttempts, StreamRound, type Waiting } from "./stream-round.js";
import { cannotJoin, type UnitOfWork } from "./unit-of-work.js";

/** Most commands of one round. */
const maxRound = 100;
/** How long a command waits for those before it, in milliseconds. */
const maxQueueTime = 10_000;
/**
 * How long a state is used before it is loaded again, in milliseconds: personal data in it stays readable even after another
 * process has erased its subject.
 */
const maxStateAge = 10_000;

/** The result of a command that has created its aggregate, and the state after it. */
interface Created<L> {
  readonly result: CallResult;
  readonly next?: () => L;
}

/** The queue of a stream whose command is at work while no other waits. */
const noWaiting: Waiting[] = [];

/**
 * Carries out the commands of one kind of aggregate. Concurrent commands on one stream run one after the other, so that a
 * process never conflicts with itself. Waiting commands are decided on the newest known state, and recorded in one call where
 * possible. After a conflict with another process, the command is decided again.
 */
export class StreamQueue<L extends Loaded = Loaded> {
  private readonly repository: Repository<L>;
  private readonly inline: InlineProjections | undefined;
  private readonly rounds: StreamRound<L>;
  private readonly queues = new Map<string, Waiting[]>();
  /** The stream of one command at work while no other waits: kept here, an entry of the map that comes and goes costs more. */
  private single: string | undefined;

  constructor(repository: Repository<L>, inline: InlineProjections | undefined) {
    this.repository = repository;
    this.inline = inline;
    this.rounds = new StreamRound(repository, inline);
  }

  /** Carries out a command on an aggregate whose id was just generated, so no other command can name it. */
  begin(run: CommandRun): Promise<CallResult> {
    return this.work(run, this.repository.fresh());
  }

  /**
   * Carries out a command when those before it on its stream are done. On platforms where no request may settle the promise of
   * another one, at once, as if each came from a process of its own.
   */
  run(run: CommandRun): Promise<CallResult> {
    if (isRequestBound) return this.work(run);
    const key = keyOf(run.stream);
    const queue = this.single === key ? noWaiting : this.queues.get(key);
    if (queue === undefined) {
      this.enter(key);
      return this.work(run, undefined, key);
    }
    return new Promise((resolve, reject) => {
      const waiting = { run, since: performance.now(), attempts: 0, alone: false, resolve, reject };
      if (queue !== noWaiting) {
        queue.push(waiting);
        return;
      }
      this.queues.set(key, [waiting]);
      if (this.single === key) this.single = undefined;
    });
  }

  /** Carries out a command in a unit of work of its caller. Rejects if that is not possible. */
  async within(run: CommandRun, unit: UnitOfWork): Promise<CallResult> {
    unit.checkOpen();
    const { repository } = this;
    const key = keyOf(run.stream);
    // A state of this queue has its type.
    const known = unit.stateOf(this, key) as L | undefined;
    if (known === undefined) this.enterUnit(key, unit);
    const loaded = known ?? (run.isFirst ? repository.fresh() : await repository.load(run.stream));
    const decided = run.decide(loaded);
    const inline = this.inline?.begin(decided.events);
    const step = run.toStep(loaded, decided, inline?.apply);
    const request = repository.toAppend(step);
    if (request === undefined) throw cannotJoin("the command has to be recorded by itself");
    const version = loaded.version + decided.events.length;
    const result = run.toResult(decided, version, 0);
    const committed = await unit.add(async () => {
      await unit.append(request);
      const state = repository.next(loaded, decided.events, decided.after(), version);
      const ended = unit.carriedOut(this, key, state, result.response, () => {
        inline?.committed();
        repository.appended(step);
      });
      return { ended };
    });
    await committed.ended;
    return { ...result, joined: true };
  }

  /** The common case: no other command is at work on the stream. */
  private async work(run: CommandRun, fresh?: L, key?: string): Promise<CallResult> {
    const { repository } = this;
    let next: (() => L) | undefined;
    try {
      const created = fresh === undefined && run.creates ? await this.create(run) : undefined;
      if (created !== undefined) {
        next = created.next;
        return created.result;
      }
      let loaded = fresh ?? (await repository.load(run.stream));
      for (let attempt = 1; ; attempt++) {
        const decided = run.decide(loaded);
        if (!run.leadsTo(decided)) return run.toResult(decided, loaded.version, 0);
        const inline = this.inline?.begin(decided.events);
        const result = await repository.record(run.toStep(loaded, decided, inline?.apply));
        if (result.kind === "appended") {
          inline?.committed();
          const before = loaded;
          next = () => repository.next(before, decided.events, decided.after(), result.version);
          return run.toResult(decided, result.version, result.position);
        }
        if (result.kind !== "conflict") return run.settle(result);
        if (attempt === maxAttempts) throw run.contended();
        await waitAfterConflict(attempt, run.signal);
        loaded = await repository.load(run.stream, loaded);
      }
    } finally {
      if (key !== undefined) this.leave(key, next);
    }
  }

  /**
   * Carries out a command that creates its aggregate, without loading a state that will rarely exist. undefined: it was not
   * recorded, and only the state shows what the caller receives.
   */
  private async create(run: CommandRun): Promise<Created<L> | undefined> {
    const { repository } = this;
    const loaded = repository.fresh();
    let decided: DecidedCall;
    try {
      decided = run.decide(loaded);
    } catch {
      return undefined;
    }
    if (decided.events.length === 0) return undefined;
    const inline = this.inline?.begin(decided.events);
    try {
      const result = await repository.record(run.toStep(loaded, decided, inline?.apply));
      if (result.kind === "duplicate" || result.kind === "command_mismatch") return { result: run.settle(result) };
      if (result.kind !== "appended") return undefined;
      inline?.committed();
      const { version, position } = result;
      const next = () => repository.next(loaded, decided.events, decided.after(), version);
      return { result: run.toResult(decided, version, position), next };
    } catch (error) {
      // Where the aggregate exists, that takes precedence, unless it is unknown whether the events were recorded.
      if (isTemporary(error)) throw error;
      return undefined;
    }
  }

  private enter(key: string): void {
    if (this.single === undefined) this.single = key;
    else this.queues.set(key, noWaiting);
  }

  /** Other commands wait until the unit has ended. */
  private enterUnit(key: string, unit: UnitOfWork): void {
    if (isRequestBound) return;
    if (this.single === key || this.queues.has(key)) throw cannotJoin("another command is at work on the aggregate");
    this.enter(key);
    unit.whenEnded((isCommitted) => {
      const state = isCommitted ? (unit.stateOf(this, key) as L | undefined) : undefined;
      this.leave(key, state && (() => state));
    });
  }

  private leave(key: string, next: (() => L) | undefined): void {
    if (this.single === key) {
      this.single = undefined;
      return;
    }
    const queue = this.queues.get(key) ?? noWaiting;
    if (queue === noWaiting) this.queues.delete(key);
    else void this.drain(key, queue, next);
  }

  /** Carries out all commands that wait, and those that arrive meanwhile. */
  private async drain(key: string, queue: Waiting[], next: (() => L) | undefined): Promise<void> {
    let known = attempt(next);
    let since = performance.now();
    for (;;) {
      const round = takeRound(queue);
      if (round.length === 0) break;
      if (known === undefined || round[0]?.alone === true || performance.now() - since > maxStateAge) {
        known = undefined;
        since = performance.now();
      }
      try {
        const end = await this.rounds.run(round, known);
        known = end.known;
        queue.unshift(...end.left);
      } catch (error) {
        known = undefined;
        for (const { reject } of round) reject(error);
      }
      // Callers that were just answered tend to send the next command: it can join the next round.
      if (round.length > 1) await new Promise<void>((resolve) => queueMacrotask(resolve));
    }
    this.queues.delete(key);
  }
}

/** Takes the next commands, in order of arrival. Rejects those whose caller has gone, or that have waited too long. */
function takeRound(queue: Waiting[]): readonly Waiting[] {
  const round: Waiting[] = [];
  const oldest = performance.now() - maxQueueTime;
  let taken = 0;
  for (const one of queue) {
    if (one.alone && round.length > 0) break;
    taken++;
    if (one.run.isAborted) one.reject(one.run.signal?.reason);
    else if (one.since < oldest) one.reject(one.run.contended());
    else if (round.push(one) === maxRound || one.alone) break;
  }
  queue.splice(0, taken);
  return round;
}

/** undefined if the work throws: then the state is loaded instead. */
function attempt<T>(work: (() => T) | undefined): T | undefined {
  try {
    return work?.();
  } catch {
    return undefined;
  }
}

function keyOf({ tenant, id }: StreamId): string {
  // An id that begins with a null character has the other form, so that no two streams have the same key.
  return tenant === "" && id.charCodeAt(0) !== 0 ? id : `\0${tenant.length} ${tenant}${id}`;
}
