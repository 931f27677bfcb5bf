import { Bell, onAbort, retryDelay, sleep } from "../async/index.js";
import type { Logger } from "../cqrs/index.js";
import { newId } from "../message/index.js";
import { StopSignal } from "../projection/index.js";
import type { Outbox, OutboxMessage } from "../store/ports/index.js";
import { HeldStreams, keyOf } from "./blocked-streams.js";
import { type OutboxOptions, type Publish, withDefaults } from "./options.js";
import { Tenure } from "./relay-lease.js";
import type { OutboxStatus } from "./status.js";

/** Bounds of the wait after a failure of the store, or of the receiver as a whole, in milliseconds. */
const failureWait = { base: 50, cap: 5000 };

/**
 * Sends what waits in an outbox: one process at a time, at least once, in order within each stream. What cannot be sent
 * holds up its own stream only.
 */
export class Relay {
  private ownId: string | undefined;
  private readonly outbox: Outbox;
  private readonly publish: Publish | undefined;
  private readonly settings: ReturnType<typeof withDefaults>;
  private readonly logger: Logger;
  private readonly held: HeldStreams;
  private readonly bell = new Bell();
  private readonly stopping = new StopSignal();
  private tenure: Tenure | undefined;
  private running: Promise<void> | undefined;
  private sent = 0;
  private failure: unknown;
  /** Sent, but the store could not be told: to be deleted, not to be sent again, as long as the lease lasts. */
  private toRemove: readonly number[] = [];

  constructor(outbox: Outbox, options: OutboxOptions, logger: Logger) {
    this.outbox = outbox;
    this.publish = options.publish;
    this.settings = withDefaults(options);
    this.logger = logger;
    this.held = new HeldStreams(this.settings.retry);
  }

  /** Made when it is first needed: some platforms give no random numbers before the first request. */
  private get id(): string {
    this.ownId ??= newId();
    return this.ownId;
  }

  start(): void {
    if (this.publish === undefined) return;
    this.running ??= this.run(this.publish);
  }

  /** Begins nothing new, lets what is being sent end while the lease lasts, and gives the lease back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.tenure?.resign();
    this.bell.ring();
    await this.running;
  }

  async status(): Promise<OutboxStatus> {
    const backlog = await this.outbox.backlog();
    const held = this.held.list;
    const error = this.failure ?? held.at(-1)?.error;
    return { ...backlog, relaying: this.tenure !== undefined, sent: this.sent, blocked: held, error };
  }

  private async run(publish: Publish): Promise<void> {
    const forget = this.outbox.onMessage(() => this.bell.ring());
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        this.tenure = await Tenure.take(this.outbox, this.id, this.settings.leaseDuration);
        this.failure = undefined;
        failures = 0;
        if (this.tenure === undefined) await sleep(this.settings.leaseDuration / 3, signal);
        else {
          await this.serve(this.tenure, publish);
          // Lost: whoever has it now is not to be raced for it.
          await sleep(retryDelay(1, failureWait), signal);
        }
      } catch (error) {
        this.fail(error);
        failures++;
        await sleep(retryDelay(failures, failureWait), signal);
      }
    }
    forget();
  }

  private async serve(tenure: Tenure, publish: Publish): Promise<void> {
    if (this.stopping.signal.aborted) tenure.resign();
    let failures = 0;
    try {
      while (!this.mustEnd(tenure)) {
        // Before the read: a message that is left during it must not be slept through.
        this.bell.arm();
        const outcome = await this.step(tenure, publish).catch((error: unknown) => {
          this.fail(error);
          return "away" as const;
        });
        if (outcome === "away") {
          failures++;
          await sleep(retryDelay(failures, failureWait), this.stopping.signal);
          continue;
        }
        failures = 0;
        this.failure = undefined;
        if (outcome === "idle") await this.bell.rung(Math.min(this.settings.poll, this.held.nextDue));
      }
    } finally {
      this.toRemove = [];
      this.held.clear();
      this.tenure = undefined;
      await tenure.end().catch((error: unknown) => this.fail(error));
    }
  }

  /** One batch. away: nothing of several streams could be sent, so the receiver is away. */
  private async step(tenure: Tenure, publish: Publish): Promise<"sent" | "idle" | "away"> {
    await this.remove(tenure);
    const except = this.held.waiting();
    if (except === undefined || this.mustEnd(tenure)) return "idle";
    const messages = await this.outbox.next(this.settings.batchSize, except);
    if (messages.length === 0) return "idle";
    const streams = byStream(messages);
    const sent: number[] = [];
    const failed = new Set<string>();
    let next = 0;
    const lane = async () => {
      for (let group = streams[next++]; group !== undefined; group = streams[next++]) {
        for (const message of group) {
          if (this.mustEnd(tenure)) return;
          if (await this.send(message, tenure, publish)) sent.push(message.position);
          else {
            failed.add(keyOf(message.stream));
            break;
          }
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.settings.concurrency, streams.length) }, lane));
    this.toRemove = sent;
    await this.remove(tenure);
    return failed.size > 1 && sent.length === 0 ? "away" : "sent";
  }

  private async send(message: OutboxMessage, tenure: Tenure, publish: Publish): Promise<boolean> {
    const { signal, epoch } = tenure;
    try {
      const attempt = this.held.attempts(message) + 1;
      await unlessAborted(publish(message, { attempt, epoch, signal }), signal);
      this.held.letGo(message);
      return true;
    } catch (error) {
      const attempts = this.held.hold(message, error);
      const { type, schemaVersion, id } = message;
      const fields = { event: type, eventVersion: schemaVersion, id, attempts, error };
      if (!signal.aborted) this.logger.warn("outbox could not send a message, tries again", fields);
      return false;
    }
  }

  private async remove(tenure: Tenure): Promise<void> {
    if (this.toRemove.length === 0) return;
    if (!(await this.outbox.remove(tenure.epoch, this.toRemove))) return tenure.lose();
    this.sent += this.toRemove.length;
    this.toRemove = [];
  }

  private mustEnd({ signal }: Tenure): boolean {
    return signal.aborted || this.stopping.signal.aborted;
  }

  private fail(error: unknown): void {
    this.failure = error;
    this.logger.warn("outbox failed, tries again", { error });
  }
}

/** The messages of each stream, in order; the stream whose message has waited longest first. */
function byStream(messages: readonly OutboxMessage[]): readonly (readonly OutboxMessage[])[] {
  const streams = new Map<string, OutboxMessage[]>();
  for (const message of messages) {
    const key = keyOf(message.stream);
    const group = streams.get(key);
    if (group === undefined) streams.set(key, [message]);
    else group.push(message);
  }
  return [...streams.values()];
}

/** Does not wait for work that goes on after it may not. */
function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error("the lease of the outbox was over before the message was sent"));
    const forget = onAbort(signal, abort);
    work.then(resolve, reject).finally(forget);
  });
}
