import type { Logger } from "../cqrs/index.js";
import { describeOpenAppend, type EventStore, findLongAppends, type OpenAppend } from "../store/ports/index.js";

/** Committed events that nobody can read yet, since an append below them has been open for long. */
export interface Stall {
  /** Up to here events can be read. */
  readonly head: number;
  /** When the oldest of these appends began, or was first seen. */
  readonly since: Date;
  /** The appends that are open, the oldest first: as far as the store tells. */
  readonly by: readonly OpenAppend[];
}

/** What the store says of its events, whatever this process has read of them. */
export class LogWatch {
  /** The last event that was committed when the store was last asked. */
  last: { readonly position: number; readonly at: Date } | undefined;
  stall: Stall | undefined;
  private readonly events: EventStore;
  private readonly logger: Logger;

  constructor(events: EventStore, logger: Logger) {
    this.events = events;
    this.logger = logger;
  }

  /** Asks the store. `head`: up to where this process knows that events can be read. Gives up to where they can. */
  async look(head: number): Promise<number> {
    const last = await this.events.last();
    this.last = last && { position: last.position, at: new Date(Date.now() - last.age) };
    if (last === undefined || last.position <= head) {
      this.see(undefined);
      return head;
    }
    const now = await this.events.head();
    this.see(now < last.position ? await this.findStall(now) : undefined);
    return now;
  }

  private async findStall(head: number): Promise<Stall | undefined> {
    const by = findLongAppends((await this.events.openAppends?.()) ?? []);
    const [oldest] = by;
    if (oldest === undefined) return undefined;
    const since = oldest.age === undefined ? this.stall?.since : new Date(Date.now() - oldest.age);
    return { head, since: since ?? new Date(), by };
  }

  private see(stall: Stall | undefined): void {
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
