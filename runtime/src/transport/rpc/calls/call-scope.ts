import { onAbort } from "../../../async/index.js";
import { markLogged } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";

/** The longest delay of a timer, in milliseconds. */
const longest = 2 ** 31 - 1;

/** The time that a streaming call may take: it ends with its deadline, or when its client disconnects or the server stops. */
export class CallScope {
  private readonly controller: AbortController = new AbortController();
  private readonly listeners: Set<(error: PotterError) => void> = new Set();
  private readonly stopListening: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private ended: PotterError | undefined;

  /**
   * `name`: of the method. `timeout`: in milliseconds, or Infinity. `isChosen`: the client has chosen it, and not the app.
   * `reportsStop`: the handler itself ends when the server stops.
   */
  constructor(name: string, outer: AbortSignal, timeout: number, isChosen: boolean, reportsStop: boolean) {
    if (timeout !== Number.POSITIVE_INFINITY) {
      const expire = (): void => {
        const error = new PotterError("deadline_exceeded", `${name} took longer than ${Math.ceil(timeout)} ms`);
        // Clients end streams this way, which is no fault of the server.
        if (isChosen) markLogged(error);
        this.fail(error, error);
      };
      this.timer = setTimeout(expire, Math.min(timeout, longest));
    }
    this.stopListening = onAbort(outer, () => {
      if (reportsStop) this.controller.abort(outer.reason);
      // A client that has disconnected does not receive it.
      else this.fail(markLogged(new PotterError("unavailable", "the server stops: call again")), outer.reason);
    });
  }

  /** Aborts when the scope ends before the call. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Aborts what still runs: nobody reads its items. */
  abandon(): void {
    this.controller.abort(new PotterError("cancelled", "the client reads no more"));
  }

  /** The error of a scope that has ended before the call. */
  get failure(): PotterError | undefined {
    return this.ended;
  }

  /** Calls back if the scope ends before the call. */
  onFail(listener: (error: PotterError) => void): void {
    this.listeners.add(listener);
  }

  /** Settles as the promise does, unless the scope ends before. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) reject(this.ended);
      else this.listeners.add(reject);
      promise.then(
        (value) => {
          this.listeners.delete(reject);
          resolve(value);
        },
        (error: unknown) => {
          this.listeners.delete(reject);
          reject(error);
        },
      );
    });
  }

  /** The call has ended. */
  end(): void {
    clearTimeout(this.timer);
    this.stopListening();
  }

  private fail(error: PotterError, reason: unknown): void {
    if (this.ended !== undefined) return;
    this.ended = error;
    // Before the listeners, which leave the handler's iterator: the signal of its call aborts no more after that.
    this.controller.abort(reason);
    for (const listener of this.listeners) listener(error);
    this.listeners.clear();
  }
}
