import { retryDelay } from "../async/index.js";
import type { Logger } from "../cqrs/index.js";
import { isTemporary } from "../errors/index.js";
import type { DeadLetter, DeadLetterChange, RecordedEvent, Store } from "../store/ports/index.js";
import { Batch, type BatchOutcome, type Failure, noRows, PoisonedTransaction } from "./batch.js";
import type { Checkpoint } from "./checkpoint.js";
import type { EventBatches } from "./event-batches.js";
import { isExternal } from "./foreign-target.js";
import { describeError, toLetter } from "./letter.js";
import type { Projector } from "./projector.js";

/** How often to look for parked events whose next try is due, in milliseconds. */
export const dueInterval = 500;
/** How long parked events are tried again before the events that come have their turn, in milliseconds. */
const longestRetry = 100;
/** Most events of a key that are tried together. */
const mostAtOnce = 100;
/** Bounds of the wait before a parked event is tried again, in milliseconds. */
const letterWait = { base: 500, cap: 300_000 };

export interface ParkedSurroundings {
  readonly store: Store;
  readonly logger: Logger;
  /** Rows have changed. */
  changed(keys: BatchOutcome["changed"]): void;
}

/** How many of the first events were applied; `failure`: why the next one was not. */
interface RetryOutcome {
  readonly applied: number;
  readonly failure: { readonly error: unknown } | undefined;
}

/** The events of one shard that could not be applied, and those behind them: parks them, and tries them again when it is time. */
export class ParkedLetters {
  /** Keys under which something is parked. */
  readonly keys: Set<string>;
  private readonly projector: Projector;
  private readonly checkpoint: Checkpoint;
  private readonly feed: EventBatches;
  private readonly surroundings: ParkedSurroundings;
  private readonly retries: number;
  /** How many events of a key are tried together. */
  private size = 8;
  private lookedForDue = Number.NEGATIVE_INFINITY;

  constructor(
    projector: Projector,
    checkpoint: Checkpoint,
    feed: EventBatches,
    keys: readonly string[],
    surroundings: ParkedSurroundings,
  ) {
    this.projector = projector;
    this.checkpoint = checkpoint;
    this.feed = feed;
    this.keys = new Set(keys);
    this.surroundings = surroundings;
    this.retries = projector.part.retries ?? 5;
  }

  /** What a batch leaves to be parked. */
  toLetters({ failures, behind }: Pick<BatchOutcome, "failures" | "behind">): readonly DeadLetterChange[] {
    const { shard } = this.checkpoint.lease;
    const parked = failures.filter((failure) => !this.isPassedOver(failure));
    const retryIn = this.retries === 0 ? undefined : retryDelay(1, letterWait);
    return [
      ...parked.map((failure) => ({
        kind: "add" as const,
        ...toLetter(failure, shard, { error: failure.error, retryIn }),
      })),
      ...behind.map((event) => ({ kind: "add" as const, ...toLetter(event, shard) })),
    ];
  }

  /** Once it is written: keeps the keys, and tells people. */
  parked(failures: readonly Failure[]): void {
    const { logger } = this.surroundings;
    for (const failure of failures) {
      const { event, key, error } = failure;
      const fields = {
        ...this.checkpoint.fields,
        event: event.type,
        eventVersion: event.schemaVersion,
        at: event.position,
        error,
      };
      if (this.isPassedOver(failure)) {
        logger.warn("projection passed over an event of an unknown version", fields);
        continue;
      }
      this.keys.add(key);
      logger.error("projection could not apply an event, parked it", { ...fields, key });
    }
  }

  /** Makes the next look for due events come at once. */
  lookSoon(): void {
    this.lookedForDue = Number.NEGATIVE_INFINITY;
  }

  /**
   * Tries parked events again whose time has come: for a bounded time, each key some of its events, so that what is not parked
   * goes on beside it. true: there is more to do.
   */
  async retryDue(signal: AbortSignal): Promise<boolean> {
    const start = performance.now();
    if (this.keys.size === 0 || start - this.lookedForDue < dueInterval) return false;
    this.lookedForDue = start;
    const { lease } = this.checkpoint;
    const query = { shard: lease.shard, due: true, limit: 100 };
    const due = await this.surroundings.store.projections.deadLetters(lease, query);
    let more = due.length === query.limit;
    for (const letter of due) {
      if (this.ended(signal)) return false;
      if (performance.now() - start > longestRetry) {
        more = true;
        break;
      }
      // One that has failed is tried alone, before those behind it.
      if (await this.retryKey(letter.key, letter.attempts > 0 ? 1 : this.size, signal)) more = true;
    }
    if (more) this.lookSoon();
    return more;
  }

  /** The next events that are parked under a key, in order, until one fails. true: there are more to try. */
  private async retryKey(key: string, limit: number, signal: AbortSignal): Promise<boolean> {
    const { lease } = this.checkpoint;
    const letters = await this.surroundings.store.projections.deadLetters(lease, { shard: lease.shard, key, limit });
    if (letters.length > 0) {
      const start = performance.now();
      const { applied, failure } = await this.retryLetters(key, letters, signal);
      this.took(performance.now() - start);
      if (this.ended(signal)) return false;
      const next = letters[applied];
      if (failure !== undefined && next !== undefined) {
        await this.failedAgain(next, failure.error);
        return false;
      }
      if (next !== undefined || letters.length === limit) return true;
    }
    this.keys.delete(key);
    return false;
  }

  /** Gives how many of the first were applied, and why the next one could not be. */
  private async retryLetters(key: string, letters: readonly DeadLetter[], signal: AbortSignal): Promise<RetryOutcome> {
    const events: RecordedEvent[] = [];
    for (const { position, type } of letters) {
      const event = await this.feed.at(position, type);
      if (event === undefined) break;
      events.push(event);
    }
    const foreign = isExternal(this.projector.target);
    const outcome = await (foreign ? this.sendEach(key, events, signal) : this.applyFirst(key, events));
    if (outcome.failure !== undefined || outcome.applied < events.length || events.length === letters.length) {
      return outcome;
    }
    return { ...outcome, failure: { error: new Error("the event cannot be read any more") } };
  }

  /** Together, or as many of the first as can be: of those that fail together, it may not be known which one does. */
  private async applyFirst(key: string, events: readonly RecordedEvent[]): Promise<RetryOutcome> {
    let failure: RetryOutcome["failure"];
    let left = events;
    while (left.length > 0) {
      try {
        await this.applyAgain(key, left);
        break;
      } catch (error) {
        if (isTemporary(error)) throw error;
        if (error instanceof PoisonedTransaction) {
          failure = { error: error.failure.error };
          left = left.slice(0, left.indexOf(error.failure.event));
        } else {
          failure = left.length === 1 ? { error } : undefined;
          left = left.slice(0, left.length >> 1);
        }
      }
    }
    return { applied: left.length, failure };
  }

  private async applyAgain(key: string, events: readonly RecordedEvent[]): Promise<void> {
    let keys: BatchOutcome["changed"] = [];
    const moved = await this.checkpoint.commit(this.checkpoint.position, async (transaction) => {
      const { failures, changed } = await new Batch(this.options, events, transaction).run();
      if (failures[0] !== undefined) throw new PoisonedTransaction(failures[0]);
      keys = changed;
      return events.map(({ position }) => ({ kind: "applied" as const, key, position }));
    });
    if (moved) this.surroundings.changed(keys);
  }

  /** One by one: what another system refuses among others is not known. */
  private async sendEach(key: string, events: readonly RecordedEvent[], signal: AbortSignal): Promise<RetryOutcome> {
    const start = performance.now();
    let applied = 0;
    for (const event of events) {
      if (this.ended(signal) || performance.now() - start > longestRetry) break;
      try {
        await this.sendAgain(key, event);
      } catch (error) {
        if (isTemporary(error)) throw error;
        return { applied, failure: { error: error instanceof PoisonedTransaction ? error.failure.error : error } };
      }
      applied++;
    }
    return { applied, failure: undefined };
  }

  private async sendAgain(key: string, event: RecordedEvent): Promise<void> {
    const { target } = this.projector;
    if (!isExternal(target)) return;
    const { failures, changes } = await new Batch(this.options, [event], noRows).run();
    if (failures[0] !== undefined) throw new PoisonedTransaction(failures[0]);
    const { lease } = this.checkpoint;
    const { shard, epoch } = lease;
    if (changes.length > 0) await target.write(changes, { build: lease, shard, epoch, position: event.position });
    await this.checkpoint.commit(this.checkpoint.position, async () => [
      { kind: "applied", key, position: event.position },
    ]);
  }

  /** The next tries take as many events as fit into a part of the time. */
  private took(milliseconds: number): void {
    if (milliseconds > longestRetry) this.size = Math.max(1, this.size >> 1);
    else if (milliseconds < longestRetry / 4) this.size = Math.min(mostAtOnce, this.size * 2);
  }

  private async failedAgain({ key, position, attempts }: DeadLetter, failure: unknown): Promise<void> {
    const tried = attempts + 1;
    const retryIn = tried > this.retries ? undefined : retryDelay(tried, letterWait);
    const error = describeError(failure);
    await this.checkpoint.commit(this.checkpoint.position, async () => [
      { kind: "failed", key, position, attempts: tried, error, retryIn },
    ]);
    this.surroundings.logger.warn("projection could not apply a parked event", {
      ...this.checkpoint.fields,
      key,
      at: position,
      attempts: tried,
      error: failure,
    });
  }

  private isPassedOver({ unknown }: Failure): boolean {
    return unknown && this.projector.part.unknownEvents === "skip";
  }

  private ended(signal: AbortSignal): boolean {
    return signal.aborted || this.checkpoint.lost;
  }

  /** The keys that are parked hold nothing back here: this is what they wait for. */
  private get options() {
    const none = { parked: new Set<string>(), poisoned: new Map<number, Failure>() };
    return { projector: this.projector, build: this.checkpoint.lease, ...none };
  }
}
