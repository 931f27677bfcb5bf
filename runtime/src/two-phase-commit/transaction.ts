import { retryDelay, sleep } from "../async/index.js";
import { isPotterError, PotterError } from "../errors/index.js";
import type { TransactionState } from "./coordinator-log.js";
import { type Finish, finishBranches } from "./finish-branches.js";
import { printGid } from "./gid.js";
import type { Participant } from "./participant.js";
import type { TransactionContext } from "./transaction-context.js";

/** A transaction over several participants, as its work sees it. */
export interface TwoPhaseTransaction {
  /** Its id, a UUID, which is part of its gids. */
  readonly id: string;
  /** Aborts when the time of the transaction is over: it is then being rolled back. */
  readonly signal: AbortSignal;
  /**
   * Joins a participant and returns what the work uses of it, such as a connection within a transaction. Returns the same
   * for the same participant. Rejects with `invalid_argument` for one that the coordinator does not know.
   */
  join<Resource>(participant: Participant<Resource>): Promise<Resource>;
}

/** Attempts to write the decision before the outcome is reported as unknown. */
const decisionAttempts = 6;

/** One transaction from its work to its end. */
export class RunningTransaction implements TwoPhaseTransaction {
  readonly id: string;
  private readonly context: TransactionContext;
  private readonly controller = new AbortController();
  private readonly deadline: number;
  private readonly joined = new Map<
    string,
    { readonly participant: Participant; readonly resource: Promise<unknown> }
  >();
  private marks: Readonly<Record<string, string>> = {};
  private isOpen = true;

  constructor(id: string, context: TransactionContext, timeout: number) {
    this.id = id;
    this.context = context;
    this.deadline = performance.now() + timeout;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  async join<Resource>(participant: Participant<Resource>): Promise<Resource> {
    const { name } = participant;
    const earlier = this.joined.get(name);
    if (earlier?.participant === participant) return (await earlier.resource) as Resource;
    if (!this.isOpen) {
      throw new PotterError("failed_precondition", `${name} cannot join a transaction whose work has ended`);
    }
    if (!this.context.options.participants.includes(participant)) {
      const expected = "pass it to createCoordinator({ participants }), so that recovery can finish its branches";
      throw new PotterError("invalid_argument", `the coordinator does not know the participant ${name}: ${expected}`);
    }
    const subject = { phase: "open", transaction: this.id, participant: name } as const;
    const resource = this.context.phases.run(subject, this.left(), () => this.open(participant));
    this.joined.set(name, { participant, resource });
    return await resource;
  }

  private async open<Resource>(participant: Participant<Resource>): Promise<Resource> {
    const gid = this.gidOf(participant.name);
    const resource = await participant.open(gid);
    if (!this.signal.aborted) return resource;
    // The transaction was rolled back meanwhile, without this branch.
    await participant.rollback(gid);
    throw new PotterError("aborted", `transaction ${this.id} has ended before ${participant.name} was open`);
  }

  /** Runs the work, then commits all branches or none. */
  async run<T>(work: (transaction: TwoPhaseTransaction) => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await this.phase("work", this.left(), () => work(this));
      this.isOpen = false;
      // A branch whose `join` failed or was not awaited cannot be prepared.
      await Promise.all([...this.joined.values()].map(({ resource }) => resource));
    } catch (error) {
      this.isOpen = false;
      this.controller.abort(error);
      await this.finish("rollback");
      throw error;
    }
    if (this.joined.size > 0) await this.commit();
    return result;
  }

  private async commit(): Promise<void> {
    const { log } = this.context.options;
    try {
      this.marks = this.readMarks();
      const { id, marks } = this;
      await this.phase("begin", this.left(), () => log.begin(id, [...this.joined.keys()], this.left(), marks));
      await this.prepare();
    } catch (error) {
      this.controller.abort(error);
      await this.rollback();
      throw error;
    }
    await this.decide();
    // Decided: whatever happens now, recovery commits it.
    if ((await this.finish("commit")) !== "done") return;
    await this.end();
  }

  /** Prepares all branches, and waits for each of them even if one fails, so that a rollback does not overtake a prepare. */
  private async prepare(): Promise<void> {
    const outcomes = await Promise.allSettled(
      [...this.joined.values()].map(({ participant }) => {
        const subject = { phase: "prepare", transaction: this.id, participant: participant.name } as const;
        return this.context.phases.run(subject, this.left(), () => participant.prepare(this.gidOf(participant.name)));
      }),
    );
    const names = [...this.joined.keys()];
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.status === "fulfilled") continue;
      const cause: unknown = outcome.reason;
      const code = isPotterError(cause) ? cause.code : "aborted";
      const reason = isPotterError(cause) ? `: ${cause.message}` : "";
      throw new PotterError(code, `participant ${names[at]} could not prepare, so all are rolled back${reason}`, {
        cause,
      });
    }
  }

  /** Repeats the decision while its outcome is unknown: it must neither be assumed nor be reverted. */
  private async decide(): Promise<void> {
    let failure: unknown;
    for (let attempt = 0; attempt < decisionAttempts; attempt++) {
      if (attempt > 0) await sleep(retryDelay(attempt, { base: 50, cap: 1_000 }), undefined);
      const answer = await this.askForDecision();
      if ("error" in answer) {
        failure = answer.error;
        continue;
      }
      if (answer.state === "committing") return;
      // After an attempt without an answer, an absent entry may have been decided by it, then finished by recovery.
      if (answer.state === undefined && failure !== undefined) break;
      await this.rollback();
      throw new PotterError("aborted", `transaction ${this.id} took longer than its timeout and was rolled back`);
    }
    const message = `whether transaction ${this.id} commits is not known, since its log did not answer: recovery finishes it`;
    throw new PotterError("unknown", message, { cause: failure });
  }

  private async askForDecision(): Promise<
    { readonly state: TransactionState | undefined } | { readonly error: unknown }
  > {
    const { log, lease } = this.context.options;
    try {
      return { state: await this.phase("decide", lease, () => log.decide(this.id, lease)) };
    } catch (error) {
      return { error };
    }
  }

  private async rollback(): Promise<void> {
    // A branch that could not be rolled back is left to recovery, which finds the entry at its deadline.
    if ((await this.finish("rollback")) === "done") await this.end();
  }

  private async finish(phase: "commit" | "rollback"): Promise<Finish> {
    const participants = [...this.joined.values()].map(({ participant }) => participant);
    return await finishBranches(this.context, this.id, phase, participants, this.marks);
  }

  private readMarks(): Readonly<Record<string, string>> {
    const marks = [...this.joined.values()].flatMap(({ participant }) => {
      const mark = participant.markOf?.(this.gidOf(participant.name));
      return mark === undefined ? [] : [[participant.name, mark] as const];
    });
    return Object.fromEntries(marks);
  }

  private async end(): Promise<void> {
    const { log, lease } = this.context.options;
    try {
      await this.phase("end", lease, () => log.end(this.id));
    } catch (error) {
      this.context.logger.warn("the record of a finished transaction remains until recovery", {
        transaction: this.id,
        error,
      });
    }
  }

  private phase<T>(phase: "work" | "begin" | "decide" | "end", limit: number, work: () => Promise<T>): Promise<T> {
    return this.context.phases.run({ phase, transaction: this.id }, limit, work);
  }

  private gidOf(participant: string): string {
    return printGid({ log: this.context.logId, transaction: this.id, participant });
  }

  private left(): number {
    return Math.max(1, Math.ceil(this.deadline - performance.now()));
  }
}
