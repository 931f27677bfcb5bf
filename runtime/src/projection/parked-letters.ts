import type { Logger } from "../cqrs/index.js";
import type { DeadLetter, LetterChange, RecordedEvent, Store } from "../event-store/index.js";
import { Batch, type BatchOutcome, type Failure, isFaultOfWorld, noRows, PoisonedTransaction } from "./batch.js";
import type { Checkpoint } from "./checkpoint.js";
import type { EventFeed } from "./event-feed.js";
import { isForeign } from "./foreign-target.js";
import { describeError, toLetter } from "./letter.js";
import type { Projector } from "./projector.js";
import { retryDelay } from "./retry-delay.js";

/** How often to look for parked events whose next try is due, in milliseconds. */
export const dueInterval = 500;
/** Bounds of the wait before a parked event is tried again, in milliseconds. */
const letterWait = { base: 500, cap: 300_000 };

export interface ParkedSurroundings {
  readonly store: Store;
  readonly logger: Logger;
  /** Rows have changed. */
  changed(keys: BatchOutcome["changed"]): void;
}

/** The events of one shard that could not be applied, and those behind them: parks them, and tries them again when it is time. */
export class ParkedLetters {
  /** Keys under which something is parked. */
  readonly keys: Set<string>;
  private readonly projector: Projector;
  private readonly checkpoint: Checkpoint;
  private readonly feed: EventFeed;
  private readonly surroundings: ParkedSurroundings;
  private readonly retries: number;
  private lookedForDue = Number.NEGATIVE_INFINITY;

  constructor(
    projector: Projector,
    checkpoint: Checkpoint,
    feed: EventFeed,
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
  toLetters({ failures, behind }: Pick<BatchOutcome, "failures" | "behind">): readonly LetterChange[] {
    const { shard } = this.checkpoint.lease;
    const parked = failures.filter((failure) => !this.isPassedOver(failure));
    const retryIn = this.retries === 0 ? undefined : retryDelay(1, letterWait);
    return [
      ...parked.map((failure) => ({
        kind: "park" as const,
        ...toLetter(failure, shard, { error: failure.error, retryIn }),
      })),
      ...behind.map((event) => ({ kind: "park" as const, ...toLetter(event, shard) })),
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

  /** Tries parked events again whose time has come, until the signal aborts. */
  async retryDue(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    if (this.keys.size === 0 || now - this.lookedForDue < dueInterval) return;
    this.lookedForDue = now;
    const { lease } = this.checkpoint;
    const due = await this.surroundings.store.projections.letters(lease, { shard: lease.shard, due: true, limit: 100 });
    for (const key of new Set(due.map((letter) => letter.key))) {
      if (this.ended(signal)) return;
      await this.retryKey(key, signal);
    }
  }

  /** All that is parked under a key, in order, until one fails. */
  private async retryKey(key: string, signal: AbortSignal): Promise<void> {
    const { lease } = this.checkpoint;
    for (;;) {
      const letters = await this.surroundings.store.projections.letters(lease, {
        shard: lease.shard,
        key,
        limit: 100,
      });
      if (letters.length === 0) {
        this.keys.delete(key);
        return;
      }
      for (const letter of letters) {
        if (this.ended(signal)) return;
        const failure = await this.retryEvent(await this.feed.at(letter.position, letter.type), letter);
        if (failure === undefined) continue;
        if (!this.ended(signal)) await this.failedAgain(letter, failure);
        return;
      }
    }
  }

  /** Gives why it failed. */
  private async retryEvent(
    event: RecordedEvent | undefined,
    { key, position }: DeadLetter,
  ): Promise<unknown | undefined> {
    if (event === undefined) return new Error("the event cannot be read any more");
    const applied: LetterChange = { kind: "applied", key, position };
    try {
      if (isForeign(this.projector.target)) await this.sendAgain(event, applied);
      else await this.applyAgain(event, applied);
      return undefined;
    } catch (error) {
      if (isFaultOfWorld(error)) throw error;
      return error instanceof PoisonedTransaction ? error.failure.error : error;
    }
  }

  private async applyAgain(event: RecordedEvent, applied: LetterChange): Promise<void> {
    let keys: BatchOutcome["changed"] = [];
    const moved = await this.checkpoint.commit(this.checkpoint.position, async (transaction) => {
      const { failures, changed } = await new Batch(this.options, [event], transaction).run();
      if (failures[0] !== undefined) throw new PoisonedTransaction(failures[0]);
      keys = changed;
      return [applied];
    });
    if (moved) this.surroundings.changed(keys);
  }

  private async sendAgain(event: RecordedEvent, applied: LetterChange): Promise<void> {
    const { target } = this.projector;
    if (!isForeign(target)) return;
    const { failures, changes } = await new Batch(this.options, [event], noRows).run();
    if (failures[0] !== undefined) throw new PoisonedTransaction(failures[0]);
    const { lease } = this.checkpoint;
    const { shard, epoch } = lease;
    if (changes.length > 0) await target.write(changes, { build: lease, shard, epoch, position: event.position });
    await this.checkpoint.commit(this.checkpoint.position, async () => [applied]);
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
