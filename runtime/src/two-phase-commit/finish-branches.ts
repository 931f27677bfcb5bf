import { retryDelay, sleep } from "../async/index.js";
import { printGid } from "./gid.js";
import type { Participant } from "./participant.js";
import type { TransactionContext } from "./transaction-context.js";

/** Attempts for a branch before it is left to the next recovery. */
const mostAttempts = 4;

/** Commits or rolls back branches of a transaction, at the same time. Returns whether all have succeeded; logs those that have not. */
export async function finishBranches(
  context: TransactionContext,
  transaction: string,
  phase: "commit" | "rollback",
  participants: readonly Participant[],
): Promise<boolean> {
  const outcomes = await Promise.all(
    participants.map((participant) => finishBranch(context, transaction, phase, participant)),
  );
  return outcomes.every(Boolean);
}

async function finishBranch(
  { options, logger, phases, logId }: TransactionContext,
  transaction: string,
  phase: "commit" | "rollback",
  participant: Participant,
): Promise<boolean> {
  const { name } = participant;
  const gid = printGid({ log: logId, transaction, participant: name });
  const end = performance.now() + options.lease;
  for (let attempt = 0; ; attempt++) {
    try {
      const limit = end - performance.now();
      await phases.run({ phase, transaction, participant: name }, limit, () => participant[phase](gid));
      return true;
    } catch (error) {
      const delay = retryDelay(attempt, { base: 50, cap: 1_000 });
      if (attempt + 1 === mostAttempts || performance.now() + delay >= end) {
        const done = phase === "commit" ? "committed" : "rolled back";
        logger.warn(`a branch could not be ${done}: recovery repeats it`, { transaction, participant: name, error });
        return false;
      }
      await sleep(delay, undefined);
    }
  }
}
