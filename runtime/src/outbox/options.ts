import { PotterError } from "../errors/index.js";
import type { OutboxMessage } from "../store/ports/index.js";

/** One attempt to send a message. */
export interface Delivery {
  /** From 1. Counted by this process: a restart starts again at 1. */
  readonly attempt: number;
  /** Fencing token, greater for every relay that takes over. A receiver that has seen a greater one can refuse an older relay. */
  readonly epoch: number;
  /** Aborts when this process must no longer send: its lease has ended, or it stops. Messages not sent by then are sent again. */
  readonly signal: AbortSignal;
}

/**
 * Sends one message. Resolves once the receiver has stored it: then the outbox deletes it. Rejects to have it sent again after
 * a backoff. A message may be sent more than once, each time with the same `id`; messages of one stream are sent one after the
 * other, in the order of their versions.
 */
export type Publish = (message: OutboxMessage, delivery: Delivery) => Promise<void>;

/** Sends the events of aggregates that store their state to other systems. */
export interface OutboxOptions {
  /** Sends a message. Absent: this process only adds messages, and another one sends them. */
  readonly publish?: Publish;
  /** The number of messages that are read, and deleted once sent, at a time. Default 100. */
  readonly batchSize?: number;
  /** The number of streams whose messages are sent concurrently. Default 16; 1 sends all messages in the order of the queue. */
  readonly concurrency?: number;
  /** How long after a process has died another one takes over, in milliseconds. Default 10 000. */
  readonly leaseDuration?: number;
  /** How often to look for messages of other processes, in milliseconds. Messages of this process are sent at once. Default 500. */
  readonly poll?: number;
  /** Backoff before a message is sent again, in milliseconds: doubles from `base` to `cap`. Default 100 and 30 000. */
  readonly retry?: { readonly base: number; readonly cap: number };
}

/** Adds defaults. Throws `invalid_argument` when an option is out of bounds. */
export function withDefaults(options: OutboxOptions): Required<Omit<OutboxOptions, "publish">> {
  const {
    batchSize = 100,
    concurrency = 16,
    leaseDuration = 10_000,
    poll = 500,
    retry = { base: 100, cap: 30_000 },
  } = options;
  const numbers = { batchSize, concurrency, leaseDuration, poll, "retry.base": retry.base, "retry.cap": retry.cap };
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isInteger(value) || value < 1)
      throw new PotterError("invalid_argument", `outbox.${name} is ${value}: expected an integer from 1`);
  }
  if (retry.cap < retry.base) {
    const expected = `expected at least outbox.retry.base, ${retry.base}`;
    throw new PotterError("invalid_argument", `outbox.retry.cap is ${retry.cap}: ${expected}`);
  }
  return { batchSize, concurrency, leaseDuration, poll, retry };
}
