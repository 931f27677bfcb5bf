import type { DefaultCallContext } from "./call-context.js";
import type { CallOptions } from "./context.js";
import type { Running } from "./running.js";
import { RunningStream } from "./running-stream.js";
import { withItemIdOf } from "./stream-item-id.js";

/** The running work of an app. A stopping app waits for it, and aborts what takes too long. */
export class RunningCalls {
  /** The number of handlers that were called and have not returned yet: of these, what has not begun is on the stack. */
  depth = 0;
  private first: Running | undefined = undefined;
  private wake: (() => void) | undefined;
  private ended: { readonly error: unknown } | undefined;

  /** Whether all work was aborted. */
  get isEnded(): boolean {
    return this.ended !== undefined;
  }

  /** Adds running work. Returns false, and fails the work, if all work was aborted before: then it must not start. */
  begin(running: Running): boolean {
    if (this.ended !== undefined) {
      running.fail(this.ended.error);
      return false;
    }
    const { first } = this;
    running.after = first;
    if (first !== undefined) first.before = running;
    this.first = running;
    return true;
  }

  /** Removes work that has ended. Has no effect for work that has not begun or was removed before. */
  end(running: Running): void {
    const { before, after } = running;
    if (before === undefined && this.first !== running) return;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after !== undefined) after.before = before;
    running.before = undefined;
    running.after = undefined;
    if (this.first === undefined) this.wake?.();
  }

  /** All running work. */
  get all(): readonly Running[] {
    const found: Running[] = [];
    for (let one = this.first; one !== undefined; one = one.after) found.push(one);
    return found;
  }

  /** Tracks work other than a call. The returned promise rejects if the work is aborted. */
  track<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const running: Running = { fail: reject };
      this.begin(running);
      work.finally(() => this.end(running)).then(resolve, reject);
    });
  }

  /** Tracks a streamed response: it is running work from the request of its first item until its end. */
  follow<Item>(call: DefaultCallContext, items: AsyncIterable<Item>): AsyncIterable<Item> {
    return withItemIdOf(new RunningStream(this, call, items), items);
  }

  /**
   * Whether a call is made by a running call: before the handler of that has returned, or it passes on the correlation id, the
   * command id or the signal.
   */
  includes({ causationId, correlationId, signal }: CallOptions): boolean {
    if (this.depth > 0) return true;
    return this.all.some(
      ({ context }) =>
        context !== undefined &&
        ((causationId !== undefined && causationId === context.commandId) ||
          (correlationId !== undefined && correlationId === context.correlationId) ||
          (signal !== undefined && signal === context.signal)),
    );
  }

  /** Resolves when no work is running. */
  async settled(): Promise<void> {
    do {
      if (this.first !== undefined) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      // A caller that just received its response may read the first item of a stream, or make its next call.
      await new Promise((resolve) => setTimeout(resolve, 0));
    } while (this.first !== undefined);
  }

  /** Aborts all running work, and all work that begins from now on. */
  fail(error: unknown): void {
    this.ended = { error };
    for (const running of this.all) running.fail(error);
  }
}
