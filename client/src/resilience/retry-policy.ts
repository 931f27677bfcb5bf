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
  /**
   * The budget of all calls of the client together: a fault takes 1 from it, a success gives 0.1 back. While half of it or less is
   * left, nothing is repeated; streams that were open are. Default: 10, of which five faults in a row use up half.
   */
  readonly budget?: number;
}

/** Decides whether and when calls are repeated. All calls of a client share its budget, as in gRPC (gRFC A6). */
export class RetryPolicy {
  readonly #options: Required<RetryOptions>;
  #tokens: number;

  constructor(options?: RetryOptions) {
    this.#options = { attempts: 4, initialDelay: 100, maxDelay: 5_000, budget: 10, ...options };
    this.#tokens = this.#options.budget;
  }

  /** The most attempts of a call. */
  get attempts(): number {
    return this.#options.attempts;
  }

  /** Counts a call that succeeded. */
  succeed(): void {
    this.#tokens = Math.min(this.#tokens + 0.1, this.#options.budget);
  }

  /** Takes a fault from the budget. Returns whether there is enough left for another attempt. */
  spend(): boolean {
    this.#tokens = Math.max(this.#tokens - 1, 0);
    return this.#tokens > this.#options.budget / 2;
  }

  /**
   * The milliseconds to wait before the next attempt: what the server asks for, and a random part of a limit that doubles, so that
   * clients that were refused at the same time do not come back at the same time.
   */
  delay(error: unknown, failures: number): number {
    const { initialDelay, maxDelay } = this.#options;
    const asked = (isPotterClientError(error) && error.retryAfter) || 0;
    return asked + Math.random() * Math.min(initialDelay * 2 ** (failures - 1), maxDelay);
  }
}

/** Whether the contract allows to repeat a call after this error, and the server does not forbid it. */
export function isRepeatable(error: unknown, { repeat }: MethodInfo): boolean {
  if (!isPotterClientError(error)) return false;
  const { code, retryAfter, unprocessed, interrupted } = error;
  if ((retryAfter ?? 0) < 0) return false;
  if (unprocessed) return true;
  if (repeat === "never") return false;
  return code === "unavailable" || interrupted || (code === "resource_exhausted" && retryAfter !== undefined);
}
