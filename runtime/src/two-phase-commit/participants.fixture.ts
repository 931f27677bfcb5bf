import { PotterError } from "../errors/index.js";
import type { Participant } from "./participant.js";
import type { TwoPhaseTransaction } from "./transaction.js";

/** A database in memory with one balance, whose prepared branches and committed balance survive its coordinators. */
export class Bank implements Participant<{ add(amount: number): void }> {
  readonly name: string;
  balance: number;
  /** Prepared branches. */
  readonly kept = new Map<string, number>();
  /** Whether it can tell later how a branch has ended. */
  canTell = false;
  /** How branches have ended, as a database knows it. */
  private readonly ends = new Map<string, "commit" | "rollback">();
  private readonly branches = new Map<string, { amount: number }>();
  /** Called before each method; may throw or wait. */
  before: (method: "open" | "prepare" | "commit" | "rollback" | "prepared") => void | Promise<void> = () => {};

  constructor(name: string, balance: number) {
    this.name = name;
    this.balance = balance;
  }

  async open(gid: string) {
    await this.before("open");
    const branch = { amount: 0 };
    this.branches.set(gid, branch);
    return {
      add: (amount: number) => {
        if (!this.branches.has(gid)) throw new Error("the branch is closed");
        branch.amount += amount;
      },
    };
  }

  async prepare(gid: string) {
    await this.before("prepare");
    const branch = this.branches.get(gid);
    if (branch === undefined) throw new Error("no open branch");
    if (this.balance + branch.amount < 0) throw new Error("the balance would be negative");
    this.branches.delete(gid);
    this.kept.set(gid, branch.amount);
  }

  markOf(gid: string): string | undefined {
    return this.canTell ? gid : undefined;
  }

  async commit(gid: string, mark?: string) {
    await this.before("commit");
    this.end("commit", gid, mark);
    this.balance += this.kept.get(gid) ?? 0;
    this.kept.delete(gid);
  }

  async rollback(gid: string, mark?: string) {
    await this.before("rollback");
    this.branches.delete(gid);
    this.end("rollback", gid, mark);
    this.kept.delete(gid);
  }

  /** What an administrator does with all prepared branches. */
  endByHand(how: "commit" | "rollback"): void {
    for (const [gid, amount] of this.kept) {
      this.ends.set(gid, how);
      if (how === "commit") this.balance += amount;
    }
    this.kept.clear();
  }

  private end(how: "commit" | "rollback", gid: string, mark: string | undefined): void {
    if (this.kept.has(gid)) this.ends.set(gid, how);
    const ended = this.ends.get(gid);
    if (mark === undefined || ended === undefined || ended === how) return;
    throw new PotterError("data_loss", `the branch ended by ${ended}`);
  }

  async prepared(prefix: string) {
    await this.before("prepared");
    return [...this.kept.keys()].filter((gid) => gid.startsWith(prefix));
  }

  /** How many branches are open: lost when their process ends. */
  get openBranches(): number {
    return this.branches.size;
  }
}

/** Takes 10 from one bank and adds it to the other. */
export const transfer =
  (from: Bank, to: Bank, amount = 10) =>
  async (transaction: TwoPhaseTransaction): Promise<string> => {
    const [source, target] = [await transaction.join(from), await transaction.join(to)];
    source.add(-amount);
    target.add(amount);
    return "transferred";
  };
