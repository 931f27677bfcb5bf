import { retryDelay, sleep, WakeSignal } from "../async/index.js";
import type { Logger } from "../cqrs/index.js";
import { isPotterError, isTemporary } from "../errors/index.js";
import type { EventSlice, Lease, RecordedEvent, RowTransaction } from "../store/ports/index.js";
import { Batch, type BatchOutcome, type Failure, noRows, PoisonedTransaction } from "./batch.js";
import type { Changes } from "./change-hub.js";
import { Checkpoint, type CheckpointSurroundings } from "./checkpoint.js";
import { EventBatches } from "./event-batches.js";
import { type ExternalTarget, isExternal } from "./foreign-target.js";
import { dueInterval, ParkedLetters } from "./parked-letters.js";
import type { Projector } from "./projector.js";
import { bucketsOf } from "./shards.js";
import { StopSignal } from "./stop-signal.js";

/** Most events in a transaction that locks rows one by one. */
const largestClaimingBatch = 200;
/** How long to wait for events before looking whether there are any after all, in milliseconds. */
const longestSleep = 60_000;
/** Bounds of the wait after a failure of the world, in milliseconds. */
const failureWait = { base: 50, cap: 30_000 };

/** What a worker is given by the process it runs in. */
export interface WorkerSurroundings extends CheckpointSurroundings {
  readonly logger: Logger;
  /** Failures are thrown, not parked: for catching up what is then kept inline. */
  readonly strict?: boolean;
  /** A step has been made. */
  moved(worker: ShardWorker, changes: Changes): void;
  /** Nothing is left to read for now. */
  idle(worker: ShardWorker): void;
}

/** Keeps one shard of one build up to date, under a lease: each event exactly once, in order. */
export class ShardWorker {
  readonly projector: Projector;
  /** Why the last try failed; it is tried again until it succeeds. */
  error: unknown;
  readonly bell: WakeSignal = new WakeSignal();
  private readonly surroundings: WorkerSurroundings;
  private readonly checkpoint: Checkpoint;
  private readonly feed: EventBatches;
  private readonly letters: ParkedLetters;
  private readonly stopping = new StopSignal();
  /** Up to here events are applied one by one, to find the one that another system refuses. */
  private aloneUntil = 0;

  constructor(
    projector: Projector,
    lease: Lease,
    shards: number,
    parked: readonly string[],
    surroundings: WorkerSurroundings,
  ) {
    this.projector = projector;
    this.surroundings = surroundings;
    const { store, logger } = surroundings;
    const claims = shards > 1 && projector.part.exclusiveRows !== true && !isExternal(projector.target);
    this.checkpoint = new Checkpoint(lease, claims, surroundings);
    const { types } = projector;
    this.feed = new EventBatches(
      store.events,
      shards === 1 ? { types } : { types, buckets: bucketsOf(lease.shard, shards) },
      { longest: surroundings.lease / 4, ...(claims && { largest: largestClaimingBatch }) },
    );
    const changed = (keys: BatchOutcome["changed"]) => this.tell(keys);
    this.letters = new ParkedLetters(projector, this.checkpoint, this.feed, parked, { store, logger, changed });
  }

  get lease(): Lease {
    return this.checkpoint.lease;
  }

  get position(): number {
    return this.checkpoint.position;
  }

  /** Another worker has taken the shard, or this one has ended by mistake. */
  get lost(): boolean {
    return this.checkpoint.lost;
  }

  giveUp(): void {
    this.checkpoint.lost = true;
  }

  stop(): void {
    this.stopping.abort();
    this.bell.notify();
  }

  /** Makes the next look for parked events that are due come at once. */
  lookForDue(): void {
    this.letters.lookSoon();
    this.bell.notify();
  }

  /** Follows the events until it is stopped or has lost its lease. */
  async run(): Promise<void> {
    let failures = 0;
    while (!this.ended) {
      // Before the read: an append during it must not be slept through.
      this.bell.arm();
      try {
        const more = await this.letters.retryDue(this.stopping.signal);
        const progressed = !this.ended && (await this.step());
        this.error = undefined;
        failures = 0;
        if (progressed || this.ended) continue;
        this.surroundings.idle(this);
        if (more) continue;
        await this.bell.wait(this.letters.keys.size > 0 ? dueInterval : longestSleep);
      } catch (error) {
        this.fail(error);
        failures++;
        await sleep(retryDelay(failures, failureWait), this.stopping.signal);
      }
    }
  }

  /** Applies the next batch. false: there was none. */
  async step(): Promise<boolean> {
    const { position } = this;
    const alone = position < this.aloneUntil;
    const slice = await (alone ? this.feed.nextAlone(position) : this.feed.next(position));
    if (slice === undefined) return false;
    const start = performance.now();
    await this.apply(slice);
    this.feed.took(performance.now() - start);
    return true;
  }

  /** Moves the checkpoint without applying anything. false: the lease is lost. */
  move(to: number): Promise<boolean> {
    return this.checkpoint.commit(to);
  }

  private get ended(): boolean {
    return this.lost || this.stopping.signal.aborted;
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
        } else if (!(error instanceof Unkeepable)) throw error;
        else if (left.events.length > 1) return this.applyHalves(left);
        else poisoned.set(...this.blame(left, poisoned, error.cause));
      }
    }
  }

  /** What stands before a poisoned event is applied for itself, so as not to be applied again with each one that follows. */
  private async applyBefore(event: RecordedEvent, { events, position }: EventSlice): Promise<EventSlice> {
    const index = events.indexOf(event);
    const before = events.slice(0, index);
    const last = before.at(-1);
    if (last !== undefined) await this.apply({ events: before, position: last.position });
    return { events: events.slice(index), position };
  }

  /** Finds, half by half, the event whose changes cannot be kept: the store does not say which one it is. */
  private async applyHalves({ events, position }: EventSlice): Promise<void> {
    const half = events.length >> 1;
    const middle = events[half - 1]?.position ?? position;
    await this.apply({ events: events.slice(0, half), position: middle });
    if (!this.lost) await this.apply({ events: events.slice(half), position });
  }

  /** Only one event is left. What cannot be kept though it was passed over is not its fault. */
  private blame(
    { events: [event] }: EventSlice,
    poisoned: ReadonlyMap<number, Failure>,
    error: unknown,
  ): [number, Failure] {
    if (event === undefined || poisoned.has(event.position)) throw error;
    return [event.position, { event, key: this.projector.read(event).key, error, unknown: false }];
  }

  /** To the store's own database: with the checkpoint, so exactly once. */
  private async write(slice: EventSlice, poisoned: ReadonlyMap<number, Failure>): Promise<void> {
    let outcome = none;
    let applied = false;
    const run = async (transaction: RowTransaction) => {
      applied = false;
      outcome = await new Batch(this.batchOptions(poisoned), slice.events, transaction).run();
      const letters = this.toLetters(outcome);
      applied = true;
      return letters;
    };
    const moved = await this.checkpoint.commit(slice.position, run).catch((error: unknown) => {
      throw applied && isPotterError(error) && error.code === "invalid_argument" ? new Unkeepable(error) : error;
    });
    if (moved) this.moved(outcome);
  }

  /** To another system: at least once, so the checkpoint moves when it has taken them. */
  private async send(slice: EventSlice, target: ExternalTarget): Promise<void> {
    const outcome = await new Batch(this.batchOptions(new Map()), slice.events, noRows).run();
    const refused = await this.offer(slice, target, outcome);
    const left = refused === undefined ? outcome : { ...none, failures: [refused] };
    const moved = await this.checkpoint.commit(slice.position, async () => this.toLetters(left));
    if (moved) this.moved(left);
  }

  /** Gives the event that the system refuses. What it refuses among others is offered alone, the next time. */
  private async offer(
    slice: EventSlice,
    target: ExternalTarget,
    { changes }: BatchOutcome,
  ): Promise<Failure | undefined> {
    if (changes.length === 0) return undefined;
    const { epoch, shard } = this.lease;
    try {
      await target.write(changes, { build: this.lease, shard, epoch, position: slice.position });
      return undefined;
    } catch (error) {
      if (isTemporary(error)) throw error;
      const [event] = slice.events;
      if (slice.events.length > 1 || event === undefined) {
        this.aloneUntil = slice.position;
        throw error;
      }
      return { event, key: this.projector.read(event).key, error, unknown: false };
    }
  }

  private toLetters(outcome: BatchOutcome) {
    if (this.surroundings.strict === true && outcome.failures[0] !== undefined) throw outcome.failures[0].error;
    return this.letters.toLetters(outcome);
  }

  private moved({ failures, changed }: BatchOutcome): void {
    this.letters.parked(failures);
    this.tell(changed);
  }

  private tell(keys: BatchOutcome["changed"]): void {
    this.surroundings.moved(this, { name: this.lease.name, keys });
  }

  private batchOptions(poisoned: ReadonlyMap<number, Failure>) {
    return { projector: this.projector, build: this.lease, parked: this.letters.keys, poisoned };
  }

  private fail(error: unknown): void {
    this.error = error;
    this.feed.forget();
    this.surroundings.logger.error("projection failed, will try again", { ...this.checkpoint.fields, error });
  }
}

/** All events of a batch were applied, and their changes cannot be kept. */
class Unkeepable extends Error {
  constructor(cause: unknown) {
    super("the changes of a batch cannot be kept", { cause });
  }
}

const none: BatchOutcome = { changed: [], changes: [], failures: [], behind: [] };
