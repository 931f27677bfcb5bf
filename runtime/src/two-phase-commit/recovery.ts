import type { LogEntry } from "./coordinator-log.js";
import { finishBranches } from "./finish-branches.js";
import { ageOf, commonPrefix, printGid, readGid } from "./gid.js";
import type { Participant } from "./participant.js";
import type { TransactionContext } from "./transaction-context.js";

/** What one run of recovery did. */
export interface RecoveryReport {
  /** Decided transactions whose branches are all committed now. */
  readonly committed: number;
  /**
   * Decided transactions of which a branch had ended before, of a participant that cannot tell how: a process that has died since has
   * committed it, or somebody has rolled it back by hand. They are not counted as committed.
   */
  readonly unverified: number;
  /** Transactions without a decision whose branches are all rolled back now. */
  readonly rolledBack: number;
  /** Prepared branches without an entry in the log, which were rolled back. */
  readonly orphans: number;
  /**
   * Transactions of which somebody has ended a branch against the decision, by hand for example. They are logged as errors, and stay in
   * the log until `resolve`.
   */
  readonly contradicted: number;
  /** Transactions and orphans that could not be finished, and participants that could not be asked. The next run repeats them. */
  readonly failed: number;
}

/** Entries that one statement takes over. */
const batchSize = 100;

/** Finishes what other processes, or earlier ones, have left. Any number of processes may run it at the same time. */
export class Recovery {
  private readonly context: TransactionContext;
  /** Gids about which it has warned. */
  private warned: ReadonlySet<string> = new Set();

  constructor(context: TransactionContext) {
    this.context = context;
  }

  async run(): Promise<RecoveryReport> {
    const report = { committed: 0, unverified: 0, rolledBack: 0, orphans: 0, contradicted: 0, failed: 0 };
    const { log, lease, participants } = this.context.options;
    let taken: readonly LogEntry[];
    do {
      taken = await this.context.phases.run({ phase: "take" }, lease, () => log.takeDue(batchSize, lease));
      const outcomes = await Promise.all(taken.map((entry) => this.finish(entry)));
      for (const outcome of outcomes) report[outcome]++;
    } while (taken.length === batchSize);
    const warned = new Set<string>();
    for (const participant of participants) {
      const { orphans, failed } = await this.sweep(participant, warned);
      report.orphans += orphans;
      report.failed += failed;
    }
    this.warned = warned;
    await this.dropFinished();
    return report;
  }

  private async finish(
    entry: LogEntry,
  ): Promise<"committed" | "unverified" | "rolledBack" | "contradicted" | "failed"> {
    const { logger, options, phases } = this.context;
    const { id: transaction, state, age } = entry;
    const known = options.participants.filter(({ name }) => entry.participants.includes(name));
    const unknown = entry.participants.filter((name) => !known.some((participant) => participant.name === name));
    if (unknown.length > 0) {
      const message = "an unfinished transaction has participants that this coordinator does not know: add them";
      logger.error(message, { transaction, state, age, participants: unknown });
    }
    const phase = state === "committing" ? "commit" : "rollback";
    const ended = phase === "commit" ? await this.findEnded(entry, known) : [];
    const finish = await finishBranches(this.context, transaction, phase, known, entry.marks);
    if (finish === "contradicted") return finish;
    if (finish === "failed" || unknown.length > 0) {
      logger.warn("a transaction is still unfinished", { transaction, state, age });
      return "failed";
    }
    if (ended.length > 0) {
      const message =
        "a branch of a decided transaction had ended before, and its participant cannot tell how: it was committed, unless somebody has rolled it back by hand";
      logger.warn(message, { transaction, age, participants: ended });
    }
    try {
      await phases.run({ phase: "end", transaction }, options.lease, () => options.log.end(transaction));
    } catch (error) {
      logger.warn("the record of a finished transaction remains until the next recovery", { transaction, error });
      return "failed";
    }
    logger.info("recovery has finished a transaction", { transaction, state, age });
    if (phase === "rollback") return "rolledBack";
    return ended.length > 0 ? "unverified" : "committed";
  }

  /** Drops what was noted about transactions that another process has finished. */
  private async dropFinished(): Promise<void> {
    const { options, committed } = this.context;
    if (committed.size === 0) return;
    const open = new Set((await options.log.find([...committed.keys()])).map(({ id }) => id));
    for (const id of committed.keys()) if (!open.has(id)) committed.delete(id);
  }

  /**
   * The participants whose branch is not prepared any more although this process has not committed it, and that have no mark to tell how it
   * has ended.
   */
  private async findEnded({ id, marks = {} }: LogEntry, known: readonly Participant[]): Promise<readonly string[]> {
    const { options, phases, logId, committed } = this.context;
    const ended = await Promise.all(
      known.map(async (participant) => {
        const { name } = participant;
        if (participant.prepared === undefined || marks[name] !== undefined) return [];
        if (committed.get(id)?.has(name) === true) return [];
        const gid = printGid({ log: logId, transaction: id, participant: name });
        const read = () => participant.prepared?.(gid) ?? Promise.resolve([gid]);
        // What cannot be reached is not committed either.
        const gids = await phases.run({ phase: "sweep", participant: name }, options.lease, read).catch(() => [gid]);
        return gids.includes(gid) ? [] : [name];
      }),
    );
    return ended.flat();
  }

  /** Rolls back prepared branches without an entry. Never rejects. */
  private async sweep(participant: Participant, warned: Set<string>): Promise<{ orphans: number; failed: number }> {
    if (participant.prepared === undefined) return { orphans: 0, failed: 0 };
    const { logger, options, phases } = this.context;
    try {
      const subject = { phase: "sweep", participant: participant.name } as const;
      return await phases.run(subject, options.lease, () => this.rollBackOrphans(participant, warned));
    } catch (error) {
      logger.warn("prepared branches of a participant could not be read", { participant: participant.name, error });
      return { orphans: 0, failed: 1 };
    }
  }

  private async rollBackOrphans(
    participant: Participant,
    warned: Set<string>,
  ): Promise<{ orphans: number; failed: number }> {
    const { logger, options, logId } = this.context;
    // First the branches, then the log: a branch is prepared after its entry was written, and an entry is removed after
    // its branches were finished. So what is prepared and has no entry was never decided, or is finished by now.
    const gids = (await participant.prepared?.(commonPrefix)) ?? [];
    const own: string[] = [];
    for (const text of gids) {
      const gid = readGid(text);
      if (gid === undefined) continue;
      if (gid.log !== logId) this.warnOfOther(participant.name, text, gid.transaction, warned);
      // Two participants may be one database: each finishes its own branches.
      else if (gid.participant === participant.name) own.push(gid.transaction);
    }
    if (own.length === 0) return { orphans: 0, failed: 0 };
    const entries = new Set((await options.log.find(own)).map(({ id }) => id));
    const orphans = own.filter((transaction) => !entries.has(transaction));
    const outcomes = await Promise.all(
      orphans.map((transaction) => {
        const fields = { transaction, participant: participant.name, age: ageOf(transaction) };
        logger.warn("a prepared branch without a decision is rolled back", fields);
        return finishBranches(this.context, transaction, "rollback", [participant]);
      }),
    );
    const done = outcomes.filter((outcome) => outcome === "done").length;
    return { orphans: done, failed: outcomes.length - done };
  }

  /** A branch of another log is not ours to finish: that log may be lost, or its coordinators may run elsewhere. */
  private warnOfOther(participant: string, gid: string, transaction: string, warned: Set<string>): void {
    const age = ageOf(transaction);
    if (age < this.context.options.warnAfter) return;
    const key = `${participant} ${gid}`;
    warned.add(key);
    if (this.warned.has(key)) return;
    const message =
      "a prepared branch of another coordinator's log holds locks: if that log is lost, finish it by hand";
    this.context.logger.warn(message, { participant, gid, age });
  }
}
