import { retryDelay, StopSignal, sleep, WakeSignal } from "../async/index.js";
import type { Logger } from "../cqrs/index.js";
import type { DueRow, RowStore, RowTable } from "../store/ports/index.js";

/** Longest wait before the store is asked for due rows, in milliseconds: another process may have added one and died. */
const maxWait = 2_000;
/** Most rows that are due which one read returns, and that are handled at the same time. */
const batch = 50;
const failureBackoff = { base: 50, cap: 30_000 };

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
  /** Rows that only other processes can handle, with the times since when they are due. */
  private foreign = new Map<string, number>();
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
    // Those of others must not keep any from being read.
    const { now, rows, next } = await this.rows.due(this.tables, batch + this.foreign.size);
    const isForeign = (row: DueRow): boolean => this.foreign.get(keyOf(row)) === row.due;
    this.foreign = new Map(rows.filter(isForeign).map((row) => [keyOf(row), row.due]));
    const fresh = rows.filter((row) => !this.active.has(keyOf(row)) && !isForeign(row));
    if (this.stopping.signal.aborted) return;
    for (const row of fresh) this.begin(row, now);
    if (fresh.length > 0) return;
    const wait = next === undefined || next <= now ? maxWait : next - now;
    await this.wakeSignal.wait(Math.min(maxWait, wait));
  }

  private begin(row: DueRow, now: number): void {
    const key = keyOf(row);
    const work = this.fire(row, now)
      .then((isOwn) => {
        if (!isOwn) this.foreign.set(key, row.due);
      })
      .catch((error: unknown) =>
        // Its row is due again when the lease of this process ends.
        this.logger.warn("the row of a scheduled command could not be changed, will retry", { error }),
      )
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
