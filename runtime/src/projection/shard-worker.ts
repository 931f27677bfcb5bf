import type { Logger } from "../cqrs/index.js";
import type { EventSlice, Lease, LetterChange, RecordedEvent, Store } from "../event-store/index.js";
import { Batch, type BatchOutcome, type Failure, isFaultOfWorld, PoisonedTransaction } from "./batch.js";
import { Bell } from "./bell.js";
import type { Changes } from "./change-hub.js";
import { isForeign } from "./foreign-target.js";
import { describeError, toLetter } from "./letter.js";
import type { Projector } from "./projector.js";
import { retryDelay, sleep } from "./retry-delay.js";
import { bucketsOf } from "./shards.js";

/** Events per transaction: at first, at most, and at most where rows are locked one by one. */
const firstBatch = 500;
const largestBatch = 5000;
const largestClaimingBatch = 200;
/** How often to look for parked events whose next try is due, in milliseconds. */
const dueInterval = 500;
/** Bounds of the wait after a failure of the world, in milliseconds. */
const failureWait = { base: 50, cap: 30_000 };
/** Bounds of the wait before a parked event is tried again, in milliseconds. */
const letterWait = { base: 500, cap: 300_000 };

/** What a worker is given by the process it runs in. */
export interface WorkerSurroundings {
  readonly store: Store;
  readonly logger: Logger;
  /** How long a lease lasts, in milliseconds. */
  readonly lease: number;
  /** Failures are thrown, not parked: for catching up what is then kept inline. */
  readonly strict?: boolean;
  /** A step has been made. */
  moved(worker: ShardWorker, changes: Changes): void;
  /** Nothing is left to read for now. */
  idle(worker: ShardWorker): void;
}

/** Keeps one shard of one build up to date, under a lease: each event exactly once, in order. */
export class ShardWorker {
  readonly lease: Lease;
  readonly projector: Projector;
  position: number;
  /** Why the last try failed; it is tried again until it succeeds. */
  error: unknown;
  /** Another worker has taken the shard: nothing that this one does is written any more. */
  lost = false;
  /** Steps that were refused because the lease was lost. */
  rejected = 0;
  readonly bell: Bell = new Bell();
  private readonly surroundings: WorkerSurroundings;
  private readonly parked: Set<string>;
  private readonly stopping = new AbortController();
  private readonly largest: number;
  private batch: number;
  /** Up to here events are applied one by one, to find the one that another system refuses. */
  private aloneUntil = 0;
  private lookedForDue = Number.NEGATIVE_INFINITY;
  private next: { readonly after: number; readonly slice: Promise<EventSlice> } | undefined;

  constructor(
    projector: Projector,
    lease: Lease,
    shards: number,
    parked: readonly string[],
    surroundings: WorkerSurroundings,
  ) {
    this.projector = projector;
    this.lease = lease;
    this.position = lease.position;
    this.surroundings = surroundings;
    this.parked = new Set(parked);
    this.claims = shards > 1 && projector.part.disjoint !== true && !isForeign(projector.target);
    this.largest = this.claims ? largestClaimingBatch : largestBatch;
    this.batch = Math.min(firstBatch, this.largest);
    const { types } = projector;
    this.filter = shards === 1 ? { types } : { types, buckets: bucketsOf(lease.shard, shards) };
  }

  private readonly claims: boolean;
  private readonly filter: NonNullable<Parameters<Store["events"]["readAll"]>[2]>;

  stop(): void {
    this.stopping.abort();
    this.bell.ring();
  }

  /** Follows the events until it is stopped or has lost its lease. */
  async run(): Promise<void> {
    let failures = 0;
    while (!this.ended) {
      // Before the read: an append during it must not be slept through.
      this.bell.arm();
      try {
        await this.retryDue();
        const progressed = !this.ended && (await this.step());
        this.error = undefined;
        failures = 0;
        if (progressed || this.ended) continue;
        this.surroundings.idle(this);
        await this.bell.rung(this.parked.size > 0 ? dueInterval : 60_000);
      } catch (error) {
        this.fail(error);
        failures++;
        await sleep(retryDelay(failures, failureWait), this.stopping.signal);
      }
    }
  }

  /** Applies the next batch. false: there was none. */
  async step(): Promise<boolean> {
    const { events } = this.surroundings.store;
    const limit = this.alone ? 1 : this.batch;
    const ahead = this.next?.after === this.position && !this.alone ? this.next.slice : undefined;
    this.next = undefined;
    const slice = await (ahead ?? events.readAll(this.position, limit, this.filter));
    if (slice.position === this.position) return false;
    const full = slice.events.length >= limit;
    if (full && !this.alone) this.readNext(slice.position);
    const start = performance.now();
    await this.apply(slice);
    this.adapt(performance.now() - start, full);
    return true;
  }

  /** Moves the checkpoint without applying anything. */
  async move(to: number): Promise<boolean> {
    return this.commit(to, async () => none).then(({ moved }) => moved);
  }

  private get alone(): boolean {
    return this.position < this.aloneUntil;
  }

  private get ended(): boolean {
    return this.lost || this.stopping.signal.aborted;
  }

  /** While the database takes this batch, it may look for the next. */
  private readNext(after: number): void {
    const slice = this.surroundings.store.events.readAll(after, this.batch, this.filter);
    slice.catch(() => {});
    this.next = { after, slice };
  }

  private adapt(took: number, full: boolean): void {
    if (took > this.surroundings.lease / 4) this.batch = Math.max(50, Math.floor(this.batch / 2));
    else if (full) this.batch = Math.min(this.largest, this.batch * 2);
  }

  private async apply(slice: EventSlice): Promise<void> {
    if (isForeign(this.projector.target)) return this.send(slice);
    const poisoned = new Map<number, Failure>();
    for (;;) {
      try {
        await this.commit(slice.position, async (transaction) => {
          const batch = new Batch({ ...this.batchOptions, poisoned }, slice.events, transaction);
          return batch.run();
        });
        return;
      } catch (error) {
        if (!(error instanceof PoisonedTransaction)) throw error;
        poisoned.set(error.failure.event.position, error.failure);
      }
    }
  }

  /** To another system: at least once, so the checkpoint moves when it has taken them. */
  private async send(slice: EventSlice): Promise<void> {
    const target = this.projector.target;
    if (!isForeign(target)) return;
    const options = { ...this.batchOptions, poisoned: new Map<number, Failure>() };
    const outcome = await new Batch(options, slice.events, noRows).run();
    const { epoch, shard } = this.lease;
    let refused: Failure | undefined;
    if (outcome.changes.length > 0) {
      try {
        await target.write(outcome.changes, { build: this.lease, shard, epoch, position: slice.position });
      } catch (error) {
        if (isFaultOfWorld(error)) throw error;
        const [event] = slice.events;
        if (slice.events.length > 1 || event === undefined) {
          this.aloneUntil = slice.position;
          throw error;
        }
        refused = { event, key: this.keyOf(event), error, unknown: false };
      }
    }
    await this.commit(slice.position, async () => (refused === undefined ? outcome : { ...none, failures: [refused] }));
  }

  private async commit(
    to: number,
    run: (transaction: Parameters<Parameters<Store["projections"]["commit"]>[1]>[0]) => Promise<BatchOutcome>,
  ): Promise<{ readonly moved: boolean }> {
    const { store, lease, strict } = this.surroundings;
    let outcome: BatchOutcome | undefined;
    const from = this.position;
    const move = { ...this.lease, from, to, lease, claims: this.claims };
    const moved = await store.projections.commit(move, async (transaction) => {
      outcome = await run(transaction);
      if (strict === true && outcome.failures[0] !== undefined) throw outcome.failures[0].error;
      return this.toLetters(outcome);
    });
    if (!moved) this.lose();
    else {
      this.position = to;
      for (const failure of outcome?.failures ?? []) this.tell(failure);
      this.surroundings.moved(this, { name: this.lease.name, keys: outcome?.changed ?? [] });
    }
    return { moved };
  }

  private toLetters({ failures, behind }: BatchOutcome): readonly LetterChange[] {
    const { shard } = this.lease;
    const { retries = 5, unknownEvents } = this.projector.part;
    const parked = failures.filter(({ unknown }) => !unknown || unknownEvents !== "skip");
    return [
      ...parked.map((failure) => {
        const retryIn = retries === 0 ? undefined : retryDelay(1, letterWait);
        return { kind: "park" as const, ...toLetter(failure, shard, { error: failure.error, retryIn }) };
      }),
      ...behind.map((event) => ({ kind: "park" as const, ...toLetter(event, shard) })),
    ];
  }

  private tell({ event, key, error, unknown }: Failure): void {
    const fields = { ...this.fields, event: event.type, eventVersion: event.schemaVersion, at: event.position, error };
    if (unknown && this.projector.part.unknownEvents === "skip") {
      this.surroundings.logger.warn("projection passed over an event of an unknown version", fields);
      return;
    }
    this.parked.add(key);
    this.surroundings.logger.error("projection could not apply an event, parked it", { ...fields, key });
  }

  /** Tries parked events again whose time has come. */
  private async retryDue(): Promise<void> {
    const now = performance.now();
    if (this.parked.size === 0 || now - this.lookedForDue < dueInterval) return;
    this.lookedForDue = now;
    const { projections } = this.surroundings.store;
    const due = await projections.letters(this.lease, { shard: this.lease.shard, due: true, limit: 100 });
    for (const key of new Set(due.map((letter) => letter.key))) if (!this.ended) await this.retryKey(key);
  }

  /** Makes the next look for due events come at once. */
  lookForDue(): void {
    this.lookedForDue = Number.NEGATIVE_INFINITY;
    this.bell.ring();
  }

  /** All that is parked under a key, in order, until one fails. */
  private async retryKey(key: string): Promise<void> {
    const { events, projections } = this.surroundings.store;
    const { shard } = this.lease;
    for (;;) {
      const letters = await projections.letters(this.lease, { shard, key, limit: 100 });
      if (letters.length === 0) {
        this.parked.delete(key);
        return;
      }
      for (const { position, type, attempts } of letters) {
        if (this.ended) return;
        const { events: found } = await events.readAll(position - 1, 1, { ...this.filter, types: [type] });
        const failure = await this.retryEvent(found[0], position, key);
        if (this.ended) return;
        if (failure === undefined) continue;
        const { retries = 5 } = this.projector.part;
        const tried = attempts + 1;
        const retryIn = tried > retries ? undefined : retryDelay(tried, letterWait);
        const error = describeError(failure);
        await this.commitLetters([{ kind: "failed", key, position, attempts: tried, error, retryIn }]);
        this.surroundings.logger.warn("projection could not apply a parked event", {
          ...this.fields,
          key,
          at: position,
          attempts: tried,
          error: failure,
        });
        return;
      }
    }
  }

  /** Gives why it failed. */
  private async retryEvent(event: RecordedEvent | undefined, position: number, key: string): Promise<unknown> {
    const applied: LetterChange = { kind: "applied", key, position };
    if (event?.position !== position) return new Error("the event cannot be read any more");
    const options = { ...this.batchOptions, parked: new Set<string>(), poisoned: new Map<number, Failure>() };
    const { target } = this.projector;
    try {
      if (isForeign(target)) {
        const { failures, changes } = await new Batch(options, [event], noRows).run();
        if (failures[0] !== undefined) return failures[0].error;
        const { shard, epoch } = this.lease;
        if (changes.length > 0) await target.write(changes, { build: this.lease, shard, epoch, position });
        await this.commitLetters([applied]);
        return undefined;
      }
      let keys: BatchOutcome["changed"] = [];
      await this.commitLetters([applied], async (transaction) => {
        const { failures, changed } = await new Batch(options, [event], transaction).run();
        if (failures[0] !== undefined) throw new PoisonedTransaction(failures[0]);
        keys = changed;
      });
      if (!this.lost) this.surroundings.moved(this, { name: this.lease.name, keys });
      return undefined;
    } catch (error) {
      if (isFaultOfWorld(error)) throw error;
      return error instanceof PoisonedTransaction ? error.failure.error : error;
    }
  }

  private async commitLetters(
    letters: readonly LetterChange[],
    apply: (
      transaction: Parameters<Parameters<Store["projections"]["commit"]>[1]>[0],
    ) => Promise<void> = async () => {},
  ): Promise<void> {
    const { store, lease } = this.surroundings;
    const move = { ...this.lease, from: this.position, to: this.position, lease, claims: this.claims };
    const moved = await store.projections.commit(move, async (transaction) => {
      await apply(transaction);
      return letters;
    });
    if (!moved) this.lose();
  }

  private keyOf(event: RecordedEvent): string {
    return this.projector.read(event).key;
  }

  private get batchOptions() {
    return { projector: this.projector, build: this.lease, parked: this.parked };
  }

  private lose(): void {
    this.lost = true;
    this.rejected++;
    this.surroundings.logger.info("projection lost its shard, wrote nothing", this.fields);
  }

  private fail(error: unknown): void {
    this.error = error;
    this.next = undefined;
    this.surroundings.logger.error("projection failed, will try again", { ...this.fields, error });
  }

  private get fields() {
    const { name, version, generation, shard } = this.lease;
    return { projection: name, version, generation, shard, position: this.position };
  }
}

const none: BatchOutcome = { changed: [], changes: [], failures: [], behind: [] };

/** A projection to another system has no rows of ours. */
const noRows: never = undefined as never;
