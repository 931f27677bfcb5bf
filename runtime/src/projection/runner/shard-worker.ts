import { StopSignal, WakeSignal } from "../../async/index.js";
import { isPotterError, isTemporary } from "../../errors/index.js";
import type { CheckpointMove, EventSlice, Lease, RecordedEvent, RowTransaction } from "../../store/ports/index.js";
import type { RecentEvents } from "../../store/subscriptions/index.js";
import {
  type Applied,
  Batch,
  type BatchOutcome,
  Checkpoint,
  type CheckpointDependencies,
  DeadLetterQueue,
  dueInterval,
  EventBatches,
  type Failure,
  none,
  noRows,
  PoisonedTransaction,
  withoutRefused,
} from "../apply/index.js";
import { type ExternalTarget, isExternal, type PartialWrite, type Projector } from "../declaration/index.js";
import { bucketsOf } from "./shards.js";

/** Most events in a transaction that locks rows one by one. */
const maxLockingBatch = 200;
/** Batches of a consumer that acts: a crash repeats at most one of them. `longest`: milliseconds that one should take. */
const actingBatch = { smallest: 8, largest: 200, longest: 1000 };
/** How long to wait for a wake signal before looking for events, in milliseconds. */
const maxSleep = 60_000;

export interface WorkerDependencies extends CheckpointDependencies {
  /** Failures are thrown instead of becoming dead letters: for the catch-up of an inline projection. */
  readonly strict?: boolean;
  /** The recent events of the log that this process has read. */
  readonly recent?: () => RecentEvents | undefined;
}

/** Keeps one shard of one build up to date, under a lease: applies each event exactly once, in order. */
export class ShardWorker {
  readonly projector: Projector;
  /** Why the last try failed. */
  error: unknown;
  /** Wakes the worker when there may be work. */
  readonly wakeSignal: WakeSignal = new WakeSignal();
  private readonly dependencies: WorkerDependencies;
  private readonly checkpoint: Checkpoint;
  private readonly feed: EventBatches;
  private readonly deadLetters: DeadLetterQueue;
  private readonly stopping = new StopSignal();
  /** Up to here events are sent one by one, to find the one that an external target refuses. */
  private aloneUntil = 0;

  constructor(
    projector: Projector,
    lease: Lease,
    shards: number,
    blockedKeys: readonly string[],
    dependencies: WorkerDependencies,
  ) {
    this.projector = projector;
    this.dependencies = dependencies;
    const { store, leaseDuration } = dependencies;
    const locksRows = shards > 1 && projector.part.exclusiveRows !== true && !isExternal(projector.target);
    this.checkpoint = new Checkpoint(lease, locksRows, dependencies);
    const { types } = projector;
    this.feed = new EventBatches(
      store.events,
      shards === 1 ? { types } : { types, buckets: bucketsOf(lease.shard, shards) },
      {
        longest: leaseDuration / 4,
        recent: dependencies.recent,
        ...(locksRows && { largest: maxLockingBatch }),
        ...(projector.part.acts && actingBatch),
      },
    );
    this.deadLetters = new DeadLetterQueue(projector, this.checkpoint, this.feed, blockedKeys, dependencies);
  }

  get lease(): Lease {
    return this.checkpoint.lease;
  }

  get position(): number {
    return this.checkpoint.position;
  }

  /** Another worker holds the shard, or this one has ended with an error. */
  get lost(): boolean {
    return this.checkpoint.lost;
  }

  /** Stopped, or lost. */
  get ended(): boolean {
    return this.lost || this.stopping.signal.aborted;
  }

  get stopSignal(): AbortSignal {
    return this.stopping.signal;
  }

  /** How long to wait for a wake signal when nothing is left to do, in milliseconds. */
  get idleWait(): number {
    return this.deadLetters.keys.size > 0 ? dueInterval : maxSleep;
  }

  /** Writes nothing more, as if the lease were lost. */
  abandon(): void {
    this.checkpoint.lost = true;
  }

  stop(): void {
    this.stopping.abort();
    this.wakeSignal.notify();
  }

  /** Makes the next look for due dead letters come at once. */
  lookForDue(): void {
    this.deadLetters.lookSoon();
    this.wakeSignal.notify();
  }

  /** Retries due dead letters, then applies the next batch. "idle": nothing is left to do. */
  async work(): Promise<"progressed" | "retrying" | "idle"> {
    const moreDue = await this.deadLetters.retryDue(this.stopping.signal);
    const progressed = !this.ended && (await this.step());
    this.error = undefined;
    if (progressed) return "progressed";
    return moreDue ? "retrying" : "idle";
  }

  /** Records why work failed. It is tried again from the last checkpoint. */
  failed(error: unknown): void {
    this.error = error;
    this.feed.discardReadAhead();
    this.dependencies.logger.error("projection failed, will retry", { ...this.checkpoint.fields, error });
  }

  /** Applies the next batch. false: there was none. */
  async step(): Promise<boolean> {
    const { position } = this;
    const alone = position < this.aloneUntil;
    const slice = await (alone ? this.feed.nextAlone(position) : this.feed.next(position));
    if (slice === undefined) return false;
    if (slice.events.length === 0) {
      this.checkpoint.pass(slice.position);
      return true;
    }
    const start = performance.now();
    await this.apply(slice);
    this.feed.recordDuration(performance.now() - start);
    return true;
  }

  /** The move of its checkpoint that is to be saved; see `Checkpoint`. */
  get unsaved(): CheckpointMove | undefined {
    return this.checkpoint.unsaved;
  }

  /** Notes that it is being saved. */
  async save(move: CheckpointMove, isSaved: Promise<boolean>): Promise<void> {
    await this.checkpoint.save(move, isSaved);
    if (this.lost) this.wakeSignal.notify();
  }

  /** Moves the checkpoint without applying anything. false: the lease is lost. */
  move(to: number): Promise<boolean> {
    return this.checkpoint.commit(to);
  }

  private async apply(slice: EventSlice): Promise<void> {
    const { target } = this.projector;
    if (isExternal(target)) return this.send(slice, target);
    const poisoned = new Map<number, Failure>();
    for (let left = slice; !this.lost; ) {
      try {
        return await this.write(left, poisoned);
      } catch (error) {
        if (error instanceof PoisonedTransaction) {
          const { failure } = error;
          poisoned.set(failure.event.position, failure);
          left = await this.applyBefore(failure.event, left);
        } else if (!(error instanceof CommitRefused)) throw error;
        else if (left.events.length > 1) return this.applyHalves(left);
        else poisoned.set(...this.blame(left, poisoned, error.cause));
      }
    }
  }

  /** Applies the events before a poisoned one separately, so that a later failure does not repeat them. */
  private async applyBefore(event: RecordedEvent, { events, position }: EventSlice): Promise<EventSlice> {
    const index = events.indexOf(event);
    const before = events.slice(0, index);
    const last = before.at(-1);
    if (last !== undefined) await this.apply({ events: before, position: last.position });
    return { events: events.slice(index), position };
  }

  /** Finds the event whose changes the store refuses by bisection: the store does not say which one it is. */
  private async applyHalves({ events, position }: EventSlice): Promise<void> {
    const half = events.length >> 1;
    const middle = events[half - 1]?.position ?? position;
    await this.apply({ events: events.slice(0, half), position: middle });
    if (!this.lost) await this.apply({ events: events.slice(half), position });
  }

  /** Blames the only event that is left. If it was skipped already, the refusal has another cause, and is thrown. */
  private blame(
    { events: [event] }: EventSlice,
    poisoned: ReadonlyMap<number, Failure>,
    error: unknown,
  ): [number, Failure] {
    if (event === undefined || poisoned.has(event.position)) throw error;
    return [event.position, { event, key: this.projector.keyOf(event), error, unknown: false }];
  }

  /** Writes to the store's own database, in the transaction of the checkpoint: exactly once. */
  private async write(slice: EventSlice, poisoned: ReadonlyMap<number, Failure>): Promise<void> {
    let outcome = none;
    let isApplied = false;
    const run = async (transaction: RowTransaction): Promise<Applied> => {
      isApplied = false;
      outcome = await new Batch(this.batchOptions(poisoned), slice.events, transaction).run();
      const applied = this.toApplied(outcome);
      isApplied = true;
      return applied;
    };
    const isCommitted = await this.checkpoint.commit(slice.position, run).catch((error: unknown) => {
      throw isApplied && isPotterError(error) && error.code === "invalid_argument" ? new CommitRefused(error) : error;
    });
    if (isCommitted) this.deadLetters.added(outcome.failures);
  }

  /** Writes to an external target, then commits the checkpoint: at least once. */
  private async send(slice: EventSlice, target: ExternalTarget): Promise<void> {
    const outcome = await new Batch(this.batchOptions(new Map()), slice.events, noRows).run();
    const { left, through } = await this.offer(slice, target, outcome);
    const isCommitted = await this.checkpoint.commit(through, async () => this.toApplied(left));
    if (isCommitted) this.deadLetters.added(left.failures);
  }

  /** Returns what is left as dead letters. When a target refuses all changes together, each is sent alone the next time. */
  private async offer(
    slice: EventSlice,
    target: ExternalTarget,
    outcome: BatchOutcome,
  ): Promise<{ readonly left: BatchOutcome; readonly through: number }> {
    const { position } = slice;
    if (outcome.changes.length === 0) return { left: outcome, through: position };
    const { epoch, shard } = this.lease;
    const { signal } = this.stopping;
    try {
      const batch = { build: this.lease, shard, epoch, position, signal };
      const written = (await target.write(outcome.changes, batch)) as PartialWrite | undefined;
      if (written === undefined) return { left: outcome, through: position };
      return withoutRefused(this.projector, slice, outcome, written);
    } catch (error) {
      if (isTemporary(error)) throw error;
      const [event] = slice.events;
      if (slice.events.length > 1 || event === undefined) {
        this.aloneUntil = slice.position;
        throw error;
      }
      const failure = { event, key: this.projector.keyOf(event), error, unknown: false };
      return { left: { ...none, failures: [failure] }, through: position };
    }
  }

  private toApplied(outcome: BatchOutcome): Applied {
    if (this.dependencies.strict === true && outcome.failures[0] !== undefined) throw outcome.failures[0].error;
    return { changed: outcome.changed, deadLetters: this.deadLetters.toDeadLetters(outcome) };
  }

  private batchOptions(poisoned: ReadonlyMap<number, Failure>) {
    return { projector: this.projector, build: this.lease, blocked: this.deadLetters.keys, poisoned };
  }
}

/** All events of a batch were applied, but the store refuses to commit their changes. */
class CommitRefused extends Error {
  constructor(cause: unknown) {
    super("the store refused the changes of a batch", { cause });
  }
}
