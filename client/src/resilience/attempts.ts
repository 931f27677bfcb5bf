import { isPotterClientError, PotterClientError } from "../errors/index.js";
import type { Answer, Next, OutgoingCall, TokenSource } from "../transport/index.js";
import type { Connection } from "./connection.js";
import { type Deadline, pause, startDeadline } from "./deadline.js";
import { isRepeatable, type RetryPolicy } from "./retry-policy.js";

/** Makes one attempt after another within one deadline. `retry` false: only one. */
export class Attempts {
  readonly #connection: Connection;
  readonly #retry: RetryPolicy | undefined;
  readonly #call: OutgoingCall;
  readonly #deadline: Deadline;
  #failures = 0;
  #rejected = false;

  constructor(connection: Connection, call: OutgoingCall, retry: boolean | undefined) {
    this.#connection = connection;
    this.#call = call;
    this.#retry = retry === false ? undefined : connection.retry;
    this.#deadline = startDeadline(call.timeout, call.signal, connection);
  }

  /** Sends the call once, with the token of the moment. `headers`: what this attempt adds. */
  async send(headers?: OutgoingCall["headers"]): Promise<Answer> {
    const { token, transport } = this.#connection;
    const deadline = this.#deadline;
    const value = token && (await deadline.race(() => this.#ask(token)));
    const call = {
      ...this.#call,
      headers: { ...this.#call.headers, ...headers, ...(value && { authorization: `Bearer ${value}` }) },
      timeout: deadline.left(),
      signal: deadline.signal,
      ...(token && { token }),
    };
    return deadline.race(() => transport.send(call));
  }

  /** Counts an attempt that succeeded. */
  succeed(): void {
    this.#failures = 0;
    this.#rejected = false;
    this.#retry?.succeed();
  }

  /** Returns how long to wait before the next attempt. Throws the error if there must be none. `endless`: however many have failed. */
  next(error: unknown, endless = false): number {
    const left = this.#deadline.left();
    if (this.#isStale(error)) return 0;
    if (isRepeatable(error, this.#call.method)) {
      const delay = this.#retry?.fail(error, ++this.#failures, endless);
      // NaN, which nothing is greater than, if there is no limit.
      if (delay !== undefined && !(delay >= Number(left))) return delay;
    }
    throw error;
  }

  /** Waits some milliseconds. */
  wait(milliseconds: number): Promise<void> {
    return pause(milliseconds, this.#deadline);
  }

  /** Ends the deadline. */
  end(): void {
    this.#deadline.end();
  }

  /** Asks for the token. That there is none now, since the network is away, says nothing about the next attempt. */
  async #ask(token: TokenSource): Promise<string | undefined> {
    try {
      return await token({ renew: this.#rejected });
    } catch (cause) {
      if (isPotterClientError(cause)) throw cause;
      throw new PotterClientError("unavailable", "no token", { cause, unprocessed: true });
    }
  }

  /** Whether the token was rejected for the first time: the next attempt gets a new one. */
  #isStale(error: unknown): boolean {
    const isFirst = !this.#rejected && this.#connection.token !== undefined;
    const isStale = isFirst && isPotterClientError(error) && error.code === "unauthenticated";
    this.#rejected ||= isStale;
    return isStale;
  }
}

/** Sends unary calls, and repeats them where the contract allows it. */
export function repeating(connection: Connection, retry: boolean | undefined): Next {
  return async (call) => {
    const attempts = new Attempts(connection, call, retry);
    try {
      for (;;) {
        try {
          const answer = await attempts.send();
          attempts.succeed();
          return answer;
        } catch (error) {
          await attempts.wait(attempts.next(error));
        }
      }
    } finally {
      attempts.end();
    }
  };
}
