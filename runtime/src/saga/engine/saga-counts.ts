import type { SagaCounters } from "../options.js";

/** Counts what this process does. */
export class SagaCounts {
  transitions = 0;
  takenOver = 0;
  failures = 0;
  private fenced = 0;
  private readonly ignored = new Map<string, number>();

  /** Counts a message that had no effect. */
  ignore(kind: string, reason: string): void {
    // Nobody has sent what is due: that a saga was removed or handled meanwhile is no sign of a fault.
    if (kind === "due") return;
    if (reason === "fenced") this.fenced++;
    const name = `${kind} ${reason}`;
    this.ignored.set(name, (this.ignored.get(name) ?? 0) + 1);
  }

  read(running: number): SagaCounters {
    const { transitions, fenced, takenOver, ignored, failures } = this;
    return { transitions, fenced, takenOver, ignored: Object.fromEntries(ignored), failures, running };
  }
}
