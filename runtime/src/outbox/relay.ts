import { onAbort, retryDelay, StopSignal, sleep, WakeSignal } from "../async/index.js";
import type { Logger } from "../cqrs/index.js";
import { newId } from "../message/index.js";
import { streamMapKey } from "../store/events/index.js";
import type { Outbox, OutboxMessage } from "../store/ports/index.js";
import { BlockedStreams } from "./blocked-streams.js";
import { type OutboxOptions, type Publish, withDefaults } from "./options.js";
import { RelayLease } from "./relay-lease.js";
import type { OutboxStatus } from "./status.js";

/** Bounds of the wait after a failure of the store, or of the receiver as a whole, in milliseconds. */
const failureWait = { base: 50, cap: 5000 };

/**
 * Sends the messages of an outbox: one process at a time, at least once, in order within each stream. A message that cannot
 * be sent blocks its own stream only.
 */
export class Relay {
  private ownId: string | undefined;
  private readonly outbox: Outbox;
  private readonly publish: Publish | undefined;
  private readonly settings: ReturnType<typeof withDefaults>;
  private readonly logger: Logger;
  private readonly blocked: BlockedStreams;
  private readonly wakeSignal = new WakeSignal();
  private readonly stopping = new StopSignal();
  private lease: RelayLease | undefined;
  private running: Promise<void> | undefined;
  private sent = 0;
  private failure: unknown;
  /** Sent, but not yet removed from the store. Removed, not sent again, as long as the lease lasts. */
  private toRemove: readonly number[] = [];

  constructor(outbox: Outbox, options: OutboxOptions, logger: Logger) {
    this.outbox = outbox;
    this.publish = options.publish;
    this.settings = withDefaults(options);
    this.logger = logger;
    this.blocked = new BlockedStreams(this.settings.retry);
  }

  /** Created on first use: some platforms have no random numbers before the first request. */
  private get id(): string {
    this.ownId ??= newId();
    return this.ownId;
  }

  start(): void {
    if (this.publish === undefined) return;
    this.running ??= this.run(this.publish);
  }

  /** Starts no further delivery, waits for running ones while the lease lasts, then releases the lease. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.lease?.resign();
    this.wakeSignal.notify();
    await this.running;
  }

  async status(): Promise<OutboxStatus> {
    const backlog = await this.outbox.backlog();
    const blocked = this.blocked.list;
    const error = this.failure ?? blocked.at(-1)?.error;
    return { ...backlog, relaying: this.lease !== undefined, sent: this.sent, blocked, error };
  }

  private async run(publish: Publish): Promise<void> {
    const stopListening = this.outbox.onMessage(() => this.wakeSignal.notify());
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        this.lease = await RelayLease.acquire(this.outbox, this.id, this.settings.leaseDuration);
        this.failure = undefined;
        failures = 0;
        if (this.lease === undefined) await sleep(this.settings.leaseDuration / 3, signal);
        else {
          await this.serve(this.lease, publish);
          // The lease was lost: do not compete with its new owner at once.
          await sleep(retryDelay(1, failureWait), signal);
        }
      } catch (error) {
        this.fail(error);
        failures++;
        await sleep(retryDelay(failures, failureWait), signal);
      }
    }
    stopListening();
  }

  private async serve(lease: RelayLease, publish: Publish): Promise<void> {
    if (this.stopping.signal.aborted) lease.resign();
    let failures = 0;
    try {
      while (!this.mustEnd(lease)) {
        // Before the read, so that a message that is added during it ends the wait.
        this.wakeSignal.arm();
        const outcome = await this.step(lease, publish).catch((error: unknown) => {
          this.fail(error);
          return "unavailable" as const;
        });
        if (outcome === "unavailable") {
          failures++;
          await sleep(retryDelay(failures, failureWait), this.stopping.signal);
          continue;
        }
        failures = 0;
        this.failure = undefined;
        if (outcome === "idle") await this.wakeSignal.wait(Math.min(this.settings.poll, this.blocked.nextDue));
      }
    } finally {
      this.toRemove = [];
      this.blocked.clear();
      this.lease = undefined;
      await lease.end().catch((error: unknown) => this.fail(error));
    }
  }

  /** Sends one batch. unavailable: messages of several streams failed and none was sent, so the receiver is unavailable. */
  private async step(lease: RelayLease, publish: Publish): Promise<"sent" | "idle" | "unavailable"> {
    await this.remove(lease);
    const except = this.blocked.waiting();
    if (except === undefined || this.mustEnd(lease)) return "idle";
    const messages = await this.outbox.next(this.settings.batchSize, except);
    if (messages.length === 0) return "idle";
    const streams = byStream(messages);
    const sent: number[] = [];
    const failed = new Set<string>();
    let next = 0;
    const lane = async () => {
      for (let group = streams[next++]; group !== undefined; group = streams[next++]) {
        for (const message of group) {
          if (this.mustEnd(lease)) return;
          if (await this.send(message, lease, publish)) sent.push(message.position);
          else {
            failed.add(streamMapKey(message.stream));
            break;
          }
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.settings.concurrency, streams.length) }, lane));
    this.toRemove = sent;
    await this.remove(lease);
    return failed.size > 1 && sent.length === 0 ? "unavailable" : "sent";
  }

  private async send(message: OutboxMessage, lease: RelayLease, publish: Publish): Promise<boolean> {
    const { signal, epoch } = lease;
    try {
      const attempt = this.blocked.attempts(message) + 1;
      await unlessAborted(publish(message, { attempt, epoch, signal }), signal);
      this.blocked.unblock(message);
      return true;
    } catch (error) {
      const attempts = this.blocked.block(message, error);
      const { type, schemaVersion, id } = message;
      const fields = { event: type, eventVersion: schemaVersion, id, attempts, error };
      if (!signal.aborted) this.logger.warn("outbox could not send a message, retrying", fields);
      return false;
    }
  }

  private async remove(lease: RelayLease): Promise<void> {
    if (this.toRemove.length === 0) return;
    if (!(await this.outbox.remove(lease.epoch, this.toRemove))) return lease.lose();
    this.sent += this.toRemove.length;
    this.toRemove = [];
  }

  private mustEnd({ signal }: RelayLease): boolean {
    return signal.aborted || this.stopping.signal.aborted;
  }

  private fail(error: unknown): void {
    this.failure = error;
    this.logger.warn("outbox failed, retrying", { error });
  }
}

/** Groups messages by stream, in order; the stream with the oldest message comes first. */
function byStream(messages: readonly OutboxMessage[]): readonly (readonly OutboxMessage[])[] {
  const streams = new Map<string, OutboxMessage[]>();
  for (const message of messages) {
    const key = streamMapKey(message.stream);
    const group = streams.get(key);
    if (group === undefined) streams.set(key, [message]);
    else group.push(message);
  }
  return [...streams.values()];
}

/** Rejects when the signal aborts, even if the work continues. */
function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error("the lease of the outbox expired before the message was sent"));
    const stopListening = onAbort(signal, abort);
    work.then(resolve, reject).finally(stopListening);
  });
}
