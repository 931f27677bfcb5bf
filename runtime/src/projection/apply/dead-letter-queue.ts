import { retryDelay } from "../../async/index.js";
import type { Logger } from "../../cqrs/index.js";
import { isTemporary, isUnimplemented, PotterError } from "../../errors/index.js";
import type { DeadLetter, DeadLetterChange, RecordedEvent, Store } from "../../store/ports/index.js";
import { isExternal, type PartialWrite, type Projector } from "../declaration/index.js";
import { Batch, type BatchOutcome, type Failure, noRows, PoisonedTransaction } from "./batch.js";
import type { Checkpoint } from "./checkpoint.js";
import type { EventBatches } from "./event-batches.js";
import { describeError, toDeadLetter } from "./to-dead-letter.js";

/** How often a worker looks for dead letters that are due, in milliseconds. */
export const dueInterval = 500;
/** How long dead letters are retried before new events have their turn, in milliseconds. */
const maxRetryTime = 100;
/** Most events of a key that are retried together. */
const maxRetriedTogether = 100;
/** Bounds of the wait before a dead letter is retried, in milliseconds. */
const retryBackoff = { base: 500, cap: 300_000 };
/** When an event whose handler is not written yet is tried again, in milliseconds: soon after a process has the handler. */
const unimplementedRetry = 5_000;

export interface DeadLetterQueueDependencies {
  readonly store: Store;
  readonly logger: Logger;
}

/** How many of the first events were applied; `failure`: why the next one was not. */
interface RetryOutcome {
  readonly applied: number;
  readonly failure: { readonly error: unknown } | undefined;
}

/** The dead letters of one shard: adds events that failed and those blocked behind them, and retries them when they are due. */
export class DeadLetterQueue {
  /** Keys that are blocked: they have dead letters. */
  readonly keys: Set<string>;
  private readonly projector: Projector;
  private readonly checkpoint: Checkpoint;
  private readonly feed: EventBatches;
  private readonly dependencies: DeadLetterQueueDependencies;
  private readonly retries: number;
  /** Types of events about which it was said that their handlers are not written yet. */
  private readonly unimplemented = new Set<string>();
  /** How many events of a key are retried together. */
  private size = 8;
  private lookedForDue = Number.NEGATIVE_INFINITY;

  constructor(
    projector: Projector,
    checkpoint: Checkpoint,
    feed: EventBatches,
    keys: readonly string[],
    dependencies: DeadLetterQueueDependencies,
  ) {
    this.projector = projector;
    this.checkpoint = checkpoint;
    this.feed = feed;
    this.keys = new Set(keys);
    this.dependencies = dependencies;
    this.retries = projector.part.retries ?? 5;
  }

  /** The dead letters that a batch adds. */
  toDeadLetters({ failures, behind }: Pick<BatchOutcome, "failures" | "behind">): readonly DeadLetterChange[] {
    const { shard } = this.checkpoint.lease;
    const kept = failures.filter((failure) => !this.isSkipped(failure));
    return [
      ...kept.map((failure) => ({
        kind: "add" as const,
        ...toDeadLetter(failure, shard, { error: failure.error, retryIn: this.retryIn(1, failure.error) }),
      })),
      ...behind.map((event) => ({ kind: "add" as const, ...toDeadLetter(event, shard) })),
    ];
  }

  /** Blocks the keys of failures whose dead letters are committed, and logs them. */
  added(failures: readonly Failure[]): void {
    const { logger } = this.dependencies;
    for (const failure of failures) {
      const { event, key, error } = failure;
      const fields = {
        ...this.checkpoint.fields,
        event: event.type,
        eventVersion: event.schemaVersion,
        at: event.position,
        error,
      };
      if (this.isSkipped(failure)) {
        logger.warn("projection skipped an event of an unknown version", fields);
        continue;
      }
      this.keys.add(key);
      if (isUnimplemented(error)) this.warnUnimplemented(event.type, { ...fields, key });
      else logger.error("projection could not apply an event, kept it as a dead letter", { ...fields, key });
    }
  }

  /** Once for each type: all of its events fail until the handler is written. */
  private warnUnimplemented(type: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.unimplemented.has(type)) return;
    this.unimplemented.add(type);
    this.dependencies.logger.warn("handler is not written yet", fields);
  }

  /** Makes the next look for due dead letters come at once. */
  lookSoon(): void {
    this.lookedForDue = Number.NEGATIVE_INFINITY;
  }

  /**
   * Retries dead letters that are due, for a bounded time and some events of each key, so that keys which are not blocked
   * are not delayed. true: more are due.
   */
  async retryDue(signal: AbortSignal): Promise<boolean> {
    const start = performance.now();
    if (this.keys.size === 0 || start - this.lookedForDue < dueInterval) return false;
    this.lookedForDue = start;
    const { lease } = this.checkpoint;
    const query = { shard: lease.shard, due: true, limit: 100 };
    const due = await this.dependencies.store.projections.deadLetters(lease, query);
    let more = due.length === query.limit;
    for (const deadLetter of due) {
      if (this.isOver(signal)) return false;
      if (performance.now() - start > maxRetryTime) {
        more = true;
        break;
      }
      // One that has failed is tried alone, before those behind it.
      if (await this.retryKey(deadLetter.key, deadLetter.attempts > 0 ? 1 : this.size, signal)) more = true;
    }
    if (more) this.lookSoon();
    return more;
  }

  /** Retries the next events of a key, in order, until one fails. true: there are more to try. */
  private async retryKey(key: string, limit: number, signal: AbortSignal): Promise<boolean> {
    const { lease } = this.checkpoint;
    const query = { shard: lease.shard, key, limit };
    const deadLetters = await this.dependencies.store.projections.deadLetters(lease, query);
    if (deadLetters.length > 0) {
      const start = performance.now();
      const { applied, failure } = await this.retryEvents(key, deadLetters, signal);
      this.adaptSize(performance.now() - start);
      if (this.isOver(signal)) return false;
      const next = deadLetters[applied];
      if (failure !== undefined && next !== undefined) {
        await this.failedAgain(next, failure.error);
        return false;
      }
      if (next !== undefined || deadLetters.length === limit) return true;
    }
    this.keys.delete(key);
    return false;
  }

  private async retryEvents(
    key: string,
    deadLetters: readonly DeadLetter[],
    signal: AbortSignal,
  ): Promise<RetryOutcome> {
    const events: RecordedEvent[] = [];
    for (const { position, type } of deadLetters) {
      const event = await this.feed.at(position, type);
      if (event === undefined) break;
      events.push(event);
    }
    const external = isExternal(this.projector.target);
    const outcome = await (external ? this.sendEach(key, events, signal) : this.applyFirst(key, events));
    if (outcome.failure !== undefined || outcome.applied < events.length || events.length === deadLetters.length) {
      return outcome;
    }
    return { ...outcome, failure: { error: new Error("the event is no longer in the store") } };
  }

  /** Applies them together, or as many of the first as possible: a commit that fails need not say which event is at fault. */
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
    await this.checkpoint.commit(this.checkpoint.position, async (transaction) => {
      const { failures, changed } = await new Batch(this.batchOptions, events, transaction).run();
      if (failures[0] !== undefined) throw new PoisonedTransaction(failures[0]);
      return { changed, deadLetters: events.map(({ position }) => ({ kind: "applied", key, position })) };
    });
  }

  /** Sends them one by one: an external target does not say which of several it refuses. */
  private async sendEach(key: string, events: readonly RecordedEvent[], signal: AbortSignal): Promise<RetryOutcome> {
    const start = performance.now();
    let applied = 0;
    for (const event of events) {
      if (this.isOver(signal) || performance.now() - start > maxRetryTime) break;
      try {
        const refused = await this.sendAgain(key, event, signal);
        if (refused !== undefined) return { applied, failure: refused };
      } catch (error) {
        if (isTemporary(error)) throw error;
        return { applied, failure: { error: error instanceof PoisonedTransaction ? error.failure.error : error } };
      }
      applied++;
    }
    return { applied, failure: undefined };
  }

  /** Returns why the target refuses the event; undefined: it does not. */
  private async sendAgain(key: string, event: RecordedEvent, signal: AbortSignal): Promise<RetryOutcome["failure"]> {
    const { target } = this.projector;
    if (!isExternal(target)) return undefined;
    const { failures, changes } = await new Batch(this.batchOptions, [event], noRows).run();
    if (failures[0] !== undefined) throw new PoisonedTransaction(failures[0]);
    const { lease } = this.checkpoint;
    const { shard, epoch } = lease;
    const { position } = event;
    const batch = { build: lease, shard, epoch, position, signal };
    const written = changes.length > 0 ? ((await target.write(changes, batch)) as PartialWrite | undefined) : undefined;
    const refused = written?.refused?.[0];
    if (refused !== undefined) return { error: refused.error };
    if ((written?.through ?? position) < position) throw new PotterError("unavailable", "the target was interrupted");
    await this.checkpoint.commit(this.checkpoint.position, async () => ({
      changed: [],
      deadLetters: [{ kind: "applied", key, position }],
    }));
    return undefined;
  }

  /**
   * Makes the next retries take as many events as fit into the time. More as long as they do: a transaction takes its time whatever it
   * contains, so that few events in each would stay few.
   */
  private adaptSize(milliseconds: number): void {
    const isLate = milliseconds > maxRetryTime;
    this.size = isLate ? Math.ceil(this.size / 2) : Math.min(maxRetriedTogether, Math.ceil(this.size * 1.5));
  }

  private async failedAgain({ key, position, type, attempts }: DeadLetter, failure: unknown): Promise<void> {
    // A handler that is not written yet uses up no retries.
    const isWaiting = isUnimplemented(failure);
    const tried = isWaiting ? Math.max(1, attempts) : attempts + 1;
    const retryIn = this.retryIn(tried, failure);
    const error = describeError(failure);
    await this.checkpoint.commit(this.checkpoint.position, async () => ({
      changed: [],
      deadLetters: [{ kind: "failed", key, position, attempts: tried, error, retryIn }],
    }));
    const fields = { ...this.checkpoint.fields, key, at: position, attempts: tried, error: failure };
    if (isWaiting) this.warnUnimplemented(type, fields);
    else this.dependencies.logger.warn("projection could not apply a dead letter", fields);
  }

  /**
   * Milliseconds until the next try; undefined: there is none. Temporary failures are retried until they succeed, and handlers that
   * are not written yet until they are.
   */
  private retryIn(tried: number, error: unknown): number | undefined {
    if (isUnimplemented(error)) return unimplementedRetry;
    if (this.retries === 0 || (tried > this.retries && !isTemporary(error))) return undefined;
    return retryDelay(tried, retryBackoff);
  }

  private isSkipped({ unknown }: Failure): boolean {
    return unknown && this.projector.part.unknownEvents === "skip";
  }

  private isOver(signal: AbortSignal): boolean {
    return signal.aborted || this.checkpoint.lost;
  }

  /** No key is blocked here: these are the events that the others wait for. */
  private get batchOptions() {
    const none = { blocked: new Set<string>(), poisoned: new Map<number, Failure>() };
    return { projector: this.projector, build: this.checkpoint.lease, ...none };
  }
}
