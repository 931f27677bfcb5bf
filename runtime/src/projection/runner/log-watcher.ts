import { PollDelay, WakeSignal } from "../../async/index.js";
import type { Logger } from "../../cqrs/index.js";
import { describeOpenAppend, type EventStore, findLongAppends, type OpenAppend } from "../../store/ports/index.js";
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
export class LogWatcher {
  /** The highest position known to be readable. */
  head = 0;
  /** The last committed event, as of the last inspection. */
  last: { readonly position: number; readonly at: Date } | undefined;
  stall: Stall | undefined;
  private readonly events: EventStore;
  private readonly logger: Logger;
  private readonly workers = new Set<WakeSignal>();
  private readonly appended = new WakeSignal();
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private unsubscribe: () => void = () => {};

  constructor(events: EventStore, logger: Logger) {
    this.events = events;
    this.logger = logger;
  }

  /** Wakes a worker whenever there may be new events. Returns the function that ends it. */
  wakes(worker: WakeSignal): () => void {
    this.workers.add(worker);
    return () => this.workers.delete(worker);
  }

  /** Begins to poll for events of other processes; those of this process are noticed at once. */
  start(): void {
    this.unsubscribe = this.events.onAppend(() => {
      this.wakeWorkers();
      this.appended.notify();
    });
    this.running = this.poll();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.unsubscribe();
    this.appended.notify();
    await this.running;
  }

  /** Notes a position that a worker has read. The checkpoint of a projection that is kept inline is no position. */
  advanceTo(position: number): void {
    if (position > this.head && position < keptInline) this.head = position;
  }

  /** Reads the last committed event, and logs when readers stall and when they resume. */
  async inspect(): Promise<void> {
    const last = await this.events.last();
    this.last = last && { position: last.position, at: new Date(Date.now() - last.age) };
    if (last === undefined || last.position <= this.head) {
      this.reportStall(undefined);
      return;
    }
    const head = await this.events.head();
    this.reportStall(head < last.position ? await this.findStall(head) : undefined);
    this.advanceTo(head);
  }

  private async poll(): Promise<void> {
    const delay = new PollDelay();
    let seen = 0;
    while (!this.stopped) {
      this.appended.arm();
      try {
        this.advanceTo(await this.events.head());
        if (this.head > seen) {
          seen = this.head;
          delay.reset();
          this.wakeWorkers();
        }
      } catch {
        // The workers, which read the events, log the failure.
        delay.slowDown();
      }
      await this.appended.wait(delay.next());
    }
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
