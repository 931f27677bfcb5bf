import type { Logger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";

/**
 * A step of a transaction: `open` a branch, `work` of the caller, `begin` the record, `prepare` a branch, `decide`, `commit` or
 * `rollback` a branch, `end` the record. Of recovery: `take` what is due, `sweep` the prepared branches of a participant.
 */
export type Phase = "open" | "work" | "begin" | "prepare" | "decide" | "commit" | "rollback" | "end" | "take" | "sweep";

/** What happened in one phase: enough for a span. */
export interface PhaseEvent {
  /** The phase that has ended. */
  readonly phase: Phase;
  /** Id of the transaction; absent for `take` and `sweep`. */
  readonly transaction?: string;
  /** Name of the participant, if the phase is of one. */
  readonly participant?: string;
  /** Milliseconds that it took. */
  readonly duration: number;
  /** Whether it succeeded. */
  readonly outcome: "ok" | "failed";
  /** The error, if it failed. */
  readonly error?: unknown;
}

/** Of what a phase is. */
export type PhaseSubject = Pick<PhaseEvent, "phase" | "transaction" | "participant">;

/** Runs phases, each within a time limit, and reports them. */
export class Phases {
  private readonly observe: ((event: PhaseEvent) => void) | undefined;
  private readonly logger: Logger;

  constructor(observe: ((event: PhaseEvent) => void) | undefined, logger: Logger) {
    this.observe = observe;
    this.logger = logger;
  }

  /** Rejects with `deadline_exceeded` after `limit` milliseconds; what it waited for may still happen. */
  async run<T>(subject: PhaseSubject, limit: number, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      const result = await withLimit(subject, limit, work);
      this.report({ ...subject, duration: performance.now() - start, outcome: "ok" });
      return result;
    } catch (error) {
      this.report({ ...subject, duration: performance.now() - start, outcome: "failed", error });
      throw error;
    }
  }

  private report(event: PhaseEvent): void {
    try {
      this.observe?.(event);
    } catch (error) {
      this.logger.warn("the observer of two-phase commit failed", { error });
    }
  }
}

async function withLimit<T>(subject: PhaseSubject, limit: number, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const end = (): void => {
      const of = subject.participant === undefined ? "" : ` of participant ${subject.participant}`;
      const taken = Math.round(limit);
      reject(new PotterError("deadline_exceeded", `${subject.phase}${of} has not ended within ${taken} ms`));
    };
    timer = setTimeout(end, Math.max(0, limit));
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
