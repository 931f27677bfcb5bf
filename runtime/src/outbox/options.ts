import type { OutboxMessage } from "../store/ports/index.js";

/** What is known of one try to send a message. */
export interface Delivery {
  /** From 1. What this process remembers: after a restart it begins anew. */
  readonly attempt: number;
  /** Greater for every relay that takes over: a receiver that knows a greater one can refuse a relay that was thought dead. */
  readonly epoch: number;
  /** Aborts when this process may send no longer, since its lease is over or it stops. What is not done by then is sent again. */
  readonly signal: AbortSignal;
}

/**
 * Sends one message. To resolve is to say that the receiver has it for good: then it is deleted. To reject is to have it sent
 * again, after a wait. It may be sent more than once, each time with the same `id`; those of one stream come in the order of
 * their versions, one after the other.
 */
export type Publish = (message: OutboxMessage, delivery: Delivery) => Promise<void>;

/** What becomes of the events of aggregates that store their state. */
export interface OutboxOptions {
  /** How a message is sent. Absent: this process only leaves messages, and another one sends them. */
  readonly publish?: Publish;
  /** Most messages that are read, and deleted once they are sent, in one go. Default 100. */
  readonly batchSize?: number;
  /** Most streams whose messages are sent at once. Default 16; 1 sends all messages in the order in which they were left. */
  readonly concurrency?: number;
  /** How long after its death the work of a process is taken over by another, in milliseconds. Default 10 000. */
  readonly leaseDuration?: number;
  /** How often to look for what other processes have left, in milliseconds. What this one leaves is sent at once. Default 500. */
  readonly poll?: number;
  /** Bounds of the wait before a message is sent again: it doubles from one to the other, in milliseconds. Default 100 and 30 000. */
  readonly retry?: { readonly base: number; readonly cap: number };
}

/** The options with their defaults. Throws, naming the option, when one is out of bounds. */
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
      throw new Error(`outbox.${name} is ${value}: expected an integer from 1`);
  }
  if (retry.cap < retry.base) throw new Error(`outbox.retry.cap is ${retry.cap}, less than its base ${retry.base}`);
  return { batchSize, concurrency, leaseDuration, poll, retry };
}
