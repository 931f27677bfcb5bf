import type { MethodInfo } from "../contract/index.js";
import { isPotterClientError } from "../errors/index.js";

/** How failed calls are repeated. */
export interface RetryOptions {
  /** The most attempts of a call. Default: 4. */
  readonly attempts?: number;
  /** The longest pause before the second attempt in milliseconds; it doubles with each further one. Default: 100. */
  readonly initialDelay?: number;
  /** The longest pause in milliseconds. Default: 5,000. */
  readonly maxDelay?: number;
  /** How many faults in a row use up half of the budget of all calls, after which nothing is repeated until calls succeed. Default: 10. */
  readonly budget?: number;
}

/** Decides whether and when calls are repeated. All calls of a client share its budget, as in gRPC (A6). */
export class RetryPolicy {
  /** The most attempts of a call. */
  readonly attempts: number;
  readonly #initialDelay: number;
  readonly #maxDelay: number;
  readonly #budget: number;
  #tokens: number;

  constructor({ attempts = 4, initialDelay = 100, maxDelay = 5_000, budget = 10 }: RetryOptions = {}) {
    this.attempts = attempts;
    this.#initialDelay = initialDelay;
    this.#maxDelay = maxDelay;
    this.#budget = budget;
    this.#tokens = budget;
  }

  /** Counts a call that succeeded. */
  succeed(): void {
    this.#tokens = Math.min(this.#tokens + 0.1, this.#budget);
  }

  /** Takes a fault from the budget. Returns whether there is enough left for another attempt. */
  spend(): boolean {
    this.#tokens = Math.max(this.#tokens - 1, 0);
    return this.#tokens > this.#budget / 2;
  }

  /** The milliseconds to wait before the next attempt: what the server asks for, or random up to a limit that doubles. */
  delay(error: unknown, failures: number): number {
    const asked = isPotterClientError(error) ? error.retryAfter : undefined;
    return asked ?? Math.random() * Math.min(this.#initialDelay * 2 ** (failures - 1), this.#maxDelay);
  }
}

/** Whether the contract allows to repeat a call after this error, and the server does not forbid it. */
export function isRepeatable(error: unknown, { repeat }: MethodInfo): boolean {
  if (!isPotterClientError(error)) return false;
  const { code, retryAfter, unprocessed, interrupted } = error;
  if (retryAfter !== undefined && retryAfter < 0) return false;
  if (unprocessed) return true;
  if (repeat === "never") return false;
  return code === "unavailable" || interrupted || (code === "resource_exhausted" && retryAfter !== undefined);
}
