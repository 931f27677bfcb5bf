import { checkLease, checkLimit } from "../checks/index.js";
import { streamMapKey } from "../events/index.js";
import type { Outbox, OutboxBacklog, OutboxMessage, StreamId } from "../ports/index.js";
import { AppendSignal } from "../subscriptions/index.js";

/** The outbox in memory. */
export class MemoryOutbox implements Outbox {
  /** In the order of positions. */
  private readonly queue = new Map<number, OutboxMessage>();
  private readonly signal = new AppendSignal();
  private position = 0;
  private epoch = 0;
  private owner: string | undefined;
  private until = 0;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  add(messages: readonly Omit<OutboxMessage, "position">[]): void {
    if (messages.length === 0) return;
    for (const message of messages) {
      this.position++;
      this.queue.set(this.position, { ...message, position: this.position });
    }
    this.signal.notify();
  }

  async lease(owner: string, milliseconds: number): Promise<number | undefined> {
    checkLease(milliseconds);
    const now = performance.now();
    const isLeased = this.owner !== undefined && this.until > now;
    if (isLeased && this.owner !== owner) return undefined;
    if (!isLeased) this.epoch++;
    this.owner = owner;
    this.until = now + milliseconds;
    return this.epoch;
  }

  async release(owner: string, epoch: number): Promise<void> {
    if (this.owner === owner && this.epoch === epoch) this.owner = undefined;
  }

  async next(limit: number, except: readonly StreamId[]): Promise<readonly OutboxMessage[]> {
    checkLimit("messages", limit);
    const left = new Set(except.map(streamMapKey));
    const found: OutboxMessage[] = [];
    for (const message of this.queue.values()) {
      if (found.length === limit) break;
      if (!left.has(streamMapKey(message.stream))) found.push(message);
    }
    return found;
  }

  async remove(epoch: number, positions: readonly number[]): Promise<boolean> {
    if (this.epoch !== epoch || this.owner === undefined || this.until <= performance.now()) return false;
    for (const position of positions) this.queue.delete(position);
    return true;
  }

  async backlog(): Promise<OutboxBacklog> {
    const [oldest] = this.queue.values();
    return { waiting: this.queue.size, oldestAge: oldest === undefined ? 0 : Math.max(0, this.now() - oldest.at) };
  }

  onMessage(listener: () => void): () => void {
    return this.signal.listen(listener);
  }
}
