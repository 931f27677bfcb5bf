import { onAbort, WakeSignal } from "../../async/index.js";
import type { CommitListener } from "../apply/index.js";
import type { ChangeHub, Changes } from "../views/index.js";
import type { LogWatcher } from "./log-watcher.js";

/** What the workers of this process have committed: publishes changed rows, and wakes callers that wait for a position. */
export class Progress implements CommitListener {
  private readonly log: LogWatcher;
  private readonly hub: ChangeHub;
  private readonly waiting = new Set<WakeSignal>();
  private notifications = 0;

  constructor(log: LogWatcher, hub: ChangeHub) {
    this.log = log;
    this.hub = hub;
  }

  committed(position: number, changes: Changes): void {
    this.log.advanceTo(position);
    this.hub.publish(changes);
    this.notify();
  }

  /** Wakes all callers that wait. */
  notify(): void {
    this.notifications++;
    for (const signal of this.waiting) {
      signal.notify();
      if (signal.isAbandoned) this.waiting.delete(signal);
    }
  }

  /** Resolves at the next notification, after some milliseconds, or when the signal aborts. false: the time has passed. */
  async wait(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
    const before = this.notifications;
    const woken = new WakeSignal();
    this.waiting.add(woken);
    const unsubscribe = onAbort(signal, () => woken.notify());
    await woken.wait(milliseconds);
    unsubscribe();
    this.waiting.delete(woken);
    return this.notifications !== before || signal?.aborted === true;
  }
}
