import { PassedOver, retryDelay, StopSignal, sleep, WakeSignal } from "../async/index.js";
import type { Logger } from "../cqrs/index.js";
import { isTemporary } from "../errors/index.js";
import type { DueRow, RowStore, RowTable } from "../store/ports/index.js";

/** Longest wait before the store is asked for due rows, in milliseconds: another process may have added one and died. */
const maxWait = 2_000;
/** Most rows that are due which one read returns, and that are handled at the same time. */
const batch = 50;
const failureBackoff = { base: 50, cap: 30_000 };
/** Of rows with a fault that stays until it is mended, such as one that cannot be decoded. */
const faultBackoff = { base: 500, cap: 60_000 };

/** Finds the rows that are due, and passes them on. */
export class ScheduleRunner {
  private readonly rows: RowStore;
  private readonly tables: readonly RowTable[];
  private readonly logger: Logger;
  private readonly fire: (due: DueRow, now: number) => Promise<boolean>;
  private readonly wakeSignal = new WakeSignal();
  private readonly stopping = new StopSignal();
  /** Rows that are being handled. */
  private readonly active = new Map<string, Promise<void>>();
  /** Rows that only other processes can handle, or that could not be handled lately. */
  private readonly passedOver = new PassedOver();
  private running: Promise<void> = Promise.resolve();

  /** `fire`: handles a row; resolves with false if only other processes can, so it is passed over until its time changes. */
  constructor(
    rows: RowStore,
    tables: readonly RowTable[],
    logger: Logger,
    fire: (due: DueRow, now: number) => Promise<boolean>,
  ) {
    this.rows = rows;
    this.tables = tables;
    this.logger = logger;
    this.fire = fire;
  }

  start(): void {
    this.running = this.run();
  }

  /** Begins nothing more. Resolves when what has begun has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wakeSignal.notify();
    await this.running;
  }

  /** Looks for due rows at once. */
  wake(): void {
    this.wakeSignal.notify();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      this.wakeSignal.arm();
      try {
        if (this.active.size < batch) await this.look();
        else await this.wakeSignal.wait(maxWait);
        failures = 0;
      } catch (error) {
        this.logger.warn("scheduled commands could not be read, will retry", { error });
        await sleep(retryDelay(++failures, failureBackoff), signal);
      }
    }
    while (this.active.size > 0) await Promise.all(this.active.values());
  }

  /** Begins with the rows that are due, or waits until there may be some. */
  private async look(): Promise<void> {
    const { now, rows, next } = await this.rows.due(this.tables, batch + this.passedOver.size);
    this.passedOver.keep(new Set(rows.map(keyOf)));
    const fresh = rows.filter((row) => !this.active.has(keyOf(row)) && !this.passedOver.has(keyOf(row), row.due));
    if (this.stopping.signal.aborted) return;
    for (const row of fresh) this.begin(row, now);
    // More fail than can be passed over: they come again at once.
    if (this.passedOver.isFull) return sleep(maxWait, this.stopping.signal);
    if (fresh.length > 0) return;
    const wait = next === undefined || next <= now ? maxWait : next - now;
    await this.wakeSignal.wait(Math.min(maxWait, wait));
  }

  private begin(row: DueRow, now: number): void {
    const key = keyOf(row);
    const work = this.fire(row, now)
      .then((isOwn) => {
        if (isOwn) this.passedOver.done(key);
        else this.passedOver.leave(key, row.due);
      })
      .catch((error: unknown) => {
        // If it was changed before, it is due again when the lease of this process ends.
        const failed = this.passedOver.fail(key, row.due, isTemporary(error) ? failureBackoff : faultBackoff);
        const fields = { table: row.table, id: row.key, ...failed, error };
        this.logger.warn("the row of a scheduled command could not be changed, will retry", fields);
      })
      .finally(() => {
        this.active.delete(key);
        this.wakeSignal.notify();
      });
    this.active.set(key, work);
  }
}

function keyOf({ table, tenant, key }: DueRow): string {
  return JSON.stringify([table, tenant, key]);
}
