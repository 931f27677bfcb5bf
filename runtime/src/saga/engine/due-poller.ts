import { PassedOver, retryDelay, WakeSignal } from "../../async/index.js";
import type { Logger } from "../../cqrs/index.js";
import { isTemporary } from "../../errors/index.js";
import type { RowStore, RowTable } from "../../store/ports/index.js";
import type { StoreClock } from "../transaction/index.js";
import { type SagaKey, textOf } from "../transaction/index.js";

/** The most rows of one poll, besides those that are passed over. */
const limit = 200;
/** The shortest wait between polls that found nothing to do, in milliseconds. */
const shortest = 2;
/** Of what may pass by itself, such as a store that is away. */
const failureBackoff = { base: 100, cap: 2_000 };
/** Of rows with a fault that stays until it is mended, such as one that cannot be decoded. */
const faultBackoff = { base: 500, cap: 60_000 };

/** A table whose rows are due at times. */
export interface DueTable {
  readonly type: string;
  readonly table: RowTable;
  /**
   * Handles a row that is due; `id` is its key. Resolves with whether that changed anything; `foreign`: only other processes can, so
   * it is passed over until its time changes; `no_room`: until this process has room, which others may have before.
   */
  handle(key: SagaKey): Promise<boolean | "foreign" | "no_room">;
}

interface Due {
  readonly name: string;
  readonly key: SagaKey;
  readonly from: DueTable;
  readonly due: number;
}

/** A row that could not be handled. */
interface Failed extends Due {
  readonly error: unknown;
  readonly failures: number;
  readonly retryIn: number;
}

export interface PollerDependencies {
  readonly rows: RowStore;
  readonly tables: readonly DueTable[];
  readonly clock: StoreClock;
  readonly logger: Logger;
  readonly pollInterval: number;
  /** Called before each poll. */
  beat(): Promise<void>;
  /** When `beat` has to be called next, by `performance.now()`. */
  nextBeat(): number;
  /** How many sagas may be handled: each may begin a command. */
  room(): number;
  /** Is called with the number of rows that could not be handled. */
  onFailures(count: number): void;
}

/** Looks for sagas that are due: one statement for all of a process. */
export class DuePoller {
  private readonly dependencies: PollerDependencies;
  private readonly signal = new WakeSignal();
  private readonly tables: ReadonlyMap<string, DueTable>;
  /** When the next row that this process knows of is due, by the store's clock. */
  private next = Number.POSITIVE_INFINITY;
  /** Rows that only other processes can handle, or that could not be handled lately. */
  private readonly passedOver = new PassedOver();
  private isStopped = false;
  /** Since when sagas that are due wait for room, by `performance.now()`; undefined: they do not. */
  private heldSince: number | undefined;
  /** Whether rows are passed over until there is room. */
  private awaitsRoom = false;
  private loop: Promise<void> | undefined;

  constructor(dependencies: PollerDependencies) {
    this.dependencies = dependencies;
    this.tables = new Map(dependencies.tables.map((one) => [one.table.name, one]));
  }

  /** Polls in the background. */
  start(): void {
    this.isStopped = false;
    this.loop = this.run();
  }

  /** Makes the store's clock known, which must be before the start. */
  async readClock(): Promise<void> {
    await this.read();
  }

  /** Notes when a saga that this process has changed is due. */
  expect(due: number): void {
    if (due === 0 || due >= this.next) return;
    this.next = due;
    this.signal.notify();
  }

  /** Notes that there is room again. */
  resume(): void {
    if (this.heldSince === undefined && !this.awaitsRoom) return;
    this.awaitsRoom = false;
    this.passedOver.reclaim();
    this.signal.notify();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.signal.notify();
    await this.loop;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.isStopped; ) {
      this.signal.arm();
      try {
        const due = await this.read();
        failures = 0;
        if (this.isStopped) return;
        const mayBeMore = due.length > 0 && (await this.handle(due));
        await this.dependencies.beat();
        if (this.isStopped) return;
        if (!mayBeMore) await this.signal.wait(this.pause(due.length > 0));
      } catch (error) {
        const retryIn = retryDelay(failures++, failureBackoff);
        this.dependencies.logger.warn("sagas that are due could not be read, will retry", { error, retryIn });
        this.next = Number.POSITIVE_INFINITY;
        await this.signal.wait(retryIn);
      }
    }
  }

  /** Returns whether the next poll finds others. */
  private async handle(due: readonly Due[]): Promise<boolean> {
    const outcomes = await Promise.all(
      due.map(({ key, from }) =>
        from.handle(key).then(
          (result) => ({ result }),
          (error: unknown) => ({ error }),
        ),
      ),
    );
    const failed: Failed[] = [];
    let isAny = false;
    for (const [i, one] of due.entries()) {
      const outcome = outcomes[i] as (typeof outcomes)[number];
      if ("error" in outcome) {
        const { error } = outcome;
        const backoff = isTemporary(error) ? failureBackoff : faultBackoff;
        failed.push({ ...one, error, ...this.passedOver.fail(one.name, one.due, backoff) });
        continue;
      }
      const { result } = outcome;
      const isLeft = result === "foreign" || (result === "no_room" && this.dependencies.room() <= 0);
      if (isLeft) {
        this.passedOver.leave(one.name, one.due);
        this.awaitsRoom ||= result === "no_room";
      } else if (result === true) this.passedOver.done(one.name);
      // Mostly another process was faster.
      else this.passedOver.fail(one.name, one.due, failureBackoff);
      isAny ||= isLeft || result === true;
    }
    this.report(failed);
    return isAny || !this.passedOver.isFull;
  }

  /** One line for all rows of a table that have failed together: a cause often concerns many. */
  private report(failed: readonly Failed[]): void {
    if (failed.length === 0) return;
    this.dependencies.onFailures(failed.length);
    for (const from of new Set(failed.map((one) => one.from))) {
      const all = failed.filter((one) => one.from === from);
      const [{ key, error, failures, retryIn }] = all as [Failed];
      const fields = { saga: from.type, id: key.id, count: all.length, failures, retryIn, error };
      this.dependencies.logger.warn("sagas that are due could not be handled, will retry", fields);
    }
  }

  /** `isStuck`: more is due that cannot be handled than can be passed over. */
  private pause(isStuck: boolean): number {
    const { clock, pollInterval, nextBeat } = this.dependencies;
    if (isStuck) return pollInterval;
    const beat = nextBeat() - performance.now();
    if (this.heldSince !== undefined) return Math.max(shortest, Math.min(pollInterval, beat));
    return Math.max(shortest, Math.min(pollInterval, this.next - clock.now(), beat));
  }

  private async read(): Promise<readonly Due[]> {
    const { rows, tables, clock, room, pollInterval } = this.dependencies;
    const askedAt = performance.now();
    const free = room();
    this.heldSince = free > 0 ? undefined : (this.heldSince ?? askedAt);
    // Commands that take long must not keep timers waiting, which need no room.
    if (this.heldSince !== undefined && askedAt - this.heldSince < pollInterval) return [];
    const most = free > 0 ? Math.min(limit, free) : limit;
    this.next = Number.POSITIVE_INFINITY;
    const found = await rows.due(
      tables.map(({ table }) => table),
      most + this.passedOver.size,
    );
    clock.observe(found.now, askedAt);
    if (found.next !== undefined) this.next = Math.min(this.next, found.next);
    const all = found.rows.flatMap(({ table, tenant, key, due }): readonly Due[] => {
      const from = this.tables.get(table);
      if (from === undefined) return [];
      const saga = { type: from.type, tenant, id: key };
      return [{ name: `${table} ${textOf(saga)}`, from, due, key: saga }];
    });
    this.passedOver.keep(new Set(all.map(({ name }) => name)));
    return all.filter(({ name, due }) => !this.passedOver.has(name, due));
  }
}
