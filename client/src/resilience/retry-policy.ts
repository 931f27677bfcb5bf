import type { MethodInfo } from "../contract/index.js";
import { isPotterClientError, type PotterClientError } from "../errors/index.js";

/** How failed calls are repeated. */
export interface RetryOptions {
  /** The most attempts of a call. Default: 4. */
  readonly attempts?: number;
  /** The longest pause before the second attempt in milliseconds; it doubles with each further one. Default: 100. */
  readonly initialDelay?: number;
  /** The longest pause in milliseconds. Default: 5,000. */
  readonly maxDelay?: number;
  /**
   * The budget of all calls of the client together: a fault takes 1 from it, unless the server has certainly not begun the call, and
   * a success gives 0.1 back. While half of it or less is left, nothing is repeated; streams that were open are. Default: 10, of
   * which five faults in a row use up half.
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

  /** Counts a call that succeeded. */
  succeed(): void {
    this.#tokens = Math.min(this.#tokens + 0.1, this.#options.budget);
  }

  /**
   * Takes a fault from the budget, unless the call was certainly not begun, as while a server is replaced, and returns the milliseconds to wait before the next attempt: what the server asks for, and a
   * random part of a limit that doubles, so that clients that were refused at the same time do not come back at the same time.
   * undefined: there must be none. `endless`: however many have failed.
   */
  fail({ retryAfter = 0, unprocessed }: PotterClientError, failures: number, endless: boolean): number | undefined {
    const { attempts, budget, initialDelay, maxDelay } = this.#options;
    if (!unprocessed && this.#tokens > 0) this.#tokens--;
    if (!endless && (this.#tokens <= budget / 2 || failures >= attempts)) return undefined;
    return retryAfter + Math.random() * Math.min(initialDelay * 2 ** (failures - 1), maxDelay);
  }
}

/** Whether the contract allows to repeat a call after this error, and the server does not forbid it. */
export function isRepeatable(error: unknown, { repeat }: MethodInfo): error is PotterClientError {
  if (!isPotterClientError(error)) return false;
  const { code, retryAfter, unprocessed, interrupted } = error;
  if ((retryAfter ?? 0) < 0) return false;
  if (unprocessed) return true;
  if (repeat === "never") return false;
  return code === "unavailable" || interrupted || (code === "resource_exhausted" && retryAfter !== undefined);
}
