import type { WakeSignal } from "../../async/index.js";
import type { Logger } from "../../cqrs/index.js";
import {
  describeOpenAppend,
  type EventStore,
  findLongAppends,
  type LastEvent,
  type OpenAppend,
} from "../../store/ports/index.js";
import type { EventTail, RecentEvents, TailListener } from "../../store/subscriptions/index.js";
import { keptInline } from "./kept-inline.js";

/** Committed events that no reader sees yet, because an append with a lower position has been open for long. */
export interface Stall {
  /** The high-water mark: events can be read up to here. */
  readonly head: number;
  /** When the oldest of these appends began, or was first seen. */
  readonly since: Date;
  /** The open appends, the oldest first, as far as the store reports them. */
  readonly by: readonly OpenAppend[];
}

/** Follows the log on behalf of all projections of a process: wakes their workers, and knows how far the log goes. */
export class LogWatcher implements TailListener {
  /** The highest position known to be readable. */
  head = 0;
  /** The last committed event, as of the last inspection. */
  last: { readonly position: number; readonly at: Date } | undefined;
  stall: Stall | undefined;
  private readonly events: EventStore;
  private readonly allTails: EventTail;
  private readonly logger: Logger;
  private readonly workers = new Set<WakeSignal>();
  private readonly expectedBy: () => number;
  private tail: EventTail | undefined;
  private unsubscribe: () => void = () => {};
  private stopped = false;

  /** `tail`: the read of the log that all share. `expected`: the highest position that a caller waits for. */
  constructor(events: EventStore, tail: EventTail, logger: Logger, expected: () => number) {
    this.events = events;
    this.allTails = tail;
    this.logger = logger;
    this.expectedBy = expected;
  }

  get expected(): number {
    return this.expectedBy();
  }

  /** The recent events of the log; undefined: none are read at present. */
  get recent(): RecentEvents | undefined {
    return this.tail?.recent;
  }

  /** Wakes a worker whenever there may be new events. Returns the function that ends it. */
  wakes(worker: WakeSignal): () => void {
    this.workers.add(worker);
    return () => this.workers.delete(worker);
  }

  /** Begins to read the log, unless it has begun. */
  start(): void {
    if (this.tail !== undefined || this.stopped) return;
    this.tail = this.allTails.ofRequest();
    this.unsubscribe = this.tail.listen(this);
  }

  /** Stops reading until `start`. */
  pause(): void {
    this.unsubscribe();
    this.unsubscribe = () => {};
    this.tail = undefined;
  }

  stop(): void {
    this.stopped = true;
    this.pause();
  }

  /** Reads soon what is expected. */
  wake(): void {
    this.tail?.wake();
  }

  advanced(position: number): void {
    this.advanceTo(position);
    this.wakeWorkers();
  }

  /** The workers read the store themselves now, and log the failure. */
  failed(): void {
    this.wakeWorkers();
  }

  /** Notes a position that a worker has read. The checkpoint of a projection that is kept inline is no position. */
  advanceTo(position: number): void {
    if (position > this.head && position < keptInline) this.head = position;
  }

  /** Notes the last committed event, and logs when readers stall and when they resume. */
  async inspect(reported: LastEvent | undefined): Promise<void> {
    const last = reported ?? (await this.events.last());
    this.last = last && { position: last.position, at: new Date(Date.now() - last.age) };
    if (last !== undefined) this.tail?.found(last.position);
    if (last === undefined || last.position <= this.head) {
      this.reportStall(undefined);
      return;
    }
    const head = await this.events.head();
    this.reportStall(head < last.position ? await this.findStall(head) : undefined);
    this.advanceTo(head);
  }

  private wakeWorkers(): void {
    for (const worker of this.workers) worker.notify();
  }

  private async findStall(head: number): Promise<Stall | undefined> {
    const by = findLongAppends((await this.events.openAppends?.()) ?? []);
    const [oldest] = by;
    if (oldest === undefined) return undefined;
    const since = oldest.age === undefined ? this.stall?.since : new Date(Date.now() - oldest.age);
    return { head, since: since ?? new Date(), by };
  }

  private reportStall(stall: Stall | undefined): void {
    const before = this.stall;
    this.stall = stall;
    if (stall !== undefined && before?.head !== stall.head) {
      const { head, since, by } = stall;
      this.logger.warn("committed events cannot be read, since an append below them is still open", {
        head,
        last: this.last?.position,
        since,
        by: by.map(describeOpenAppend),
      });
    } else if (stall === undefined && before !== undefined) {
      this.logger.info("events can be read again: the append that was open has ended", { head: before.head });
    }
  }
}
