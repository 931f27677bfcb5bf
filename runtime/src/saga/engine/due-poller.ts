import { retryDelay, WakeSignal } from "../../async/index.js";
import type { Logger } from "../../cqrs/index.js";
import type { RowStore, RowTable } from "../../store/ports/index.js";
import type { StoreClock } from "../transaction/index.js";
import { type SagaKey, textOf } from "../transaction/index.js";

/** The most rows of one poll, besides those that only other processes can handle. */
const limit = 200;
/** The shortest wait between polls that found nothing to do, in milliseconds. */
const shortest = 2;
const failureBackoff = { base: 100, cap: 2_000 };

/** A table whose rows are due at times. */
export interface DueTable {
  readonly type: string;
  readonly table: RowTable;
  /**
   * Handles a row that is due; `id` is its key. Resolves with whether that changed anything; `foreign`: only other processes can, so
   * it is passed over until its time changes.
   */
  handle(key: SagaKey): Promise<boolean | "foreign">;
}

interface Due {
  readonly key: SagaKey;
  readonly from: DueTable;
  readonly due: number;
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
}

/** Looks for sagas that are due: one statement for all of a process. */
export class DuePoller {
  private readonly dependencies: PollerDependencies;
  private readonly signal = new WakeSignal();
  private readonly tables: ReadonlyMap<string, DueTable>;
  /** When the next row that this process knows of is due, by the store's clock. */
  private next = Number.POSITIVE_INFINITY;
  /** Rows that only other processes can handle, with the times since when they are due. */
  private foreign = new Map<string, number>();
  private isStopped = false;
  /** Since when sagas that are due wait for room, by `performance.now()`; undefined: they do not. */
  private heldSince: number | undefined;
  private loop: Promise<void> | undefined;

  constructor(dependencies: PollerDependencies) {
    this.dependencies = dependencies;
    this.tables = new Map(dependencies.tables.map((one) => [one.table.name, one]));
  }

  /** Polls once, so that the store's clock is known, then in the background. */
  async start(): Promise<void> {
    const first = await this.read();
    this.isStopped = false;
    this.loop = this.run(first);
  }

  /** Makes the store's clock known before the start. */
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
    if (this.heldSince === undefined) return;
    // What was passed over may be handled now.
    this.foreign.clear();
    this.signal.notify();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.signal.notify();
    await this.loop;
  }

  private async run(first: readonly Due[]): Promise<void> {
    let due = first;
    for (let failures = 0; !this.isStopped; ) {
      this.signal.arm();
      try {
        const handled = await this.handle(due);
        await this.dependencies.beat();
        if (this.isStopped) return;
        if (!(handled && due.length > 0)) await this.signal.wait(this.pause(due.length > 0));
        if (this.isStopped) return;
        due = await this.read();
        failures = 0;
      } catch (error) {
        due = [];
        const retryIn = retryDelay(failures++, failureBackoff);
        this.dependencies.logger.warn("sagas that are due could not be read, will retry", { error, retryIn });
        this.next = Number.POSITIVE_INFINITY;
        await this.signal.wait(retryIn);
      }
    }
  }

  /** Whether at least one of them has changed, or is passed over from now on: then there may be more. */
  private async handle(due: readonly Due[]): Promise<boolean> {
    const results = await Promise.all(
      due.map(({ key, from }) =>
        from.handle(key).catch((error: unknown) => {
          this.dependencies.logger.warn("a saga that is due could not be handled, will retry", {
            saga: key.type,
            error,
          });
          return false;
        }),
      ),
    );
    for (const [i, { key, from, due: since }] of due.entries()) {
      if (results[i] === "foreign") this.foreign.set(nameOf(from, key), since);
    }
    return results.some((result) => result !== false);
  }

  /** `isStuck`: what is due could not be handled, by this process at least. */
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
      // They must not keep others from being read.
      most + this.foreign.size,
    );
    clock.observe(found.now, askedAt);
    if (found.next !== undefined) this.next = Math.min(this.next, found.next);
    const all = found.rows.flatMap(({ table, tenant, key, due }): readonly Due[] => {
      const from = this.tables.get(table);
      return from === undefined ? [] : [{ from, due, key: { type: from.type, tenant, id: key } }];
    });
    const isForeign = ({ from, key, due }: Due): boolean => this.foreign.get(nameOf(from, key)) === due;
    this.foreign = new Map(all.filter(isForeign).map(({ from, key, due }) => [nameOf(from, key), due]));
    return all.filter((one) => !isForeign(one));
  }
}

function nameOf({ table }: DueTable, key: SagaKey): string {
  return `${table.name} ${textOf(key)}`;
}
