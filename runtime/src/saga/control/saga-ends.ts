import { onAbort, WakeSignal } from "../../async/index.js";
import { PotterError } from "../../errors/index.js";
import type { SagaInstance } from "../machine/index.js";
import { type SagaKey, textOf } from "../transaction/index.js";

/** How often a saga is read that another process may have ended, in milliseconds. */
const pollInterval = 1_000;

/** Tells those who wait for the end of a saga. */
export class SagaEnds {
  private readonly waiting = new Map<string, Set<(end: SagaInstance | Error) => void>>();

  /** Notes a saga that this process has changed. */
  changed(key: SagaKey, instance: SagaInstance): void {
    if (this.waiting.size === 0 || !isAtEnd(instance)) return;
    for (const tell of this.waiting.get(textOf(key)) ?? []) tell(instance);
  }

  /** Ends all waits. */
  end(error: unknown): void {
    const reason = error instanceof Error ? error : new Error(String(error));
    for (const all of this.waiting.values()) for (const tell of all) tell(reason);
  }

  /**
   * Waits until a saga has ended or is suspended. `start` begins it, and resolves with whether it is new; `read` returns it. Rejects
   * with the reason of the signal.
   */
  async wait(
    key: SagaKey,
    start: () => Promise<boolean>,
    read: () => Promise<SagaInstance | undefined>,
    signal: AbortSignal | undefined,
  ): Promise<SagaInstance> {
    const over = new WakeSignal();
    let found: SagaInstance | Error | undefined;
    // Listens before the start: otherwise a read would have to tell whether the saga has ended meanwhile.
    const forget = this.listen(key, (end) => {
      found = end;
      over.notify();
    });
    const stopListening = onAbort(signal, () => over.notify());
    try {
      for (let isNew = await start(); ; isNew = true) {
        if (found === undefined && isNew && signal?.aborted !== true) await over.wait(pollInterval);
        if (found instanceof Error) throw found;
        if (found !== undefined) return found;
        signal?.throwIfAborted();
        const saga = await read();
        if (saga === undefined) throw removedSaga(key.id);
        if (isAtEnd(saga)) return saga;
      }
    } finally {
      stopListening();
      forget();
    }
  }

  private listen(key: SagaKey, tell: (end: SagaInstance | Error) => void): () => void {
    const id = textOf(key);
    const all = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, all.add(tell));
    return () => {
      all.delete(tell);
      if (all.size === 0) this.waiting.delete(id);
    };
  }
}

/** The error for those who wait for the end of a saga that was removed before they have seen it. */
export function removedSaga(id: string): PotterError {
  return new PotterError("not_found", `the saga ${id} has ended and was removed`);
}

function isAtEnd({ status }: SagaInstance): boolean {
  return status !== "running" && status !== "compensating";
}
