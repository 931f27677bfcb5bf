import { retryDelay, sleep } from "../async/index.js";
import { isPotterError } from "../errors/index.js";
import type { BranchMarks } from "./coordinator-log.js";
import { printGid } from "./gid.js";
import type { Participant } from "./participant.js";
import type { TransactionContext } from "./transaction-context.js";

/** Attempts for a branch before it is left to the next recovery. */
const mostAttempts = 4;

/**
 * How branches have ended: all as decided; at least one could not be reached, and is left to recovery; or at least one was ended the other
 * way by somebody else, which only a person can repair.
 */
export type Finish = "done" | "failed" | "contradicted";

/** Commits or rolls back branches of a transaction, at the same time. Logs those that did not succeed. */
export async function finishBranches(
  context: TransactionContext,
  transaction: string,
  phase: "commit" | "rollback",
  participants: readonly Participant[],
  marks: BranchMarks = {},
): Promise<Finish> {
  const outcomes = await Promise.all(
    participants.map((participant) => finishBranch(context, transaction, phase, participant, marks[participant.name])),
  );
  const done = participants.filter((_, at) => outcomes[at] === "done").map(({ name }) => name);
  if (phase === "commit") noteCommitted(context, transaction, outcomes.includes("failed") ? done : []);
  if (outcomes.includes("failed")) return "failed";
  return outcomes.includes("contradicted") ? "contradicted" : "done";
}

/** Notes what recovery will not find prepared any more, for a good reason. */
function noteCommitted({ committed }: TransactionContext, transaction: string, names: readonly string[]): void {
  if (names.length === 0) committed.delete(transaction);
  else committed.set(transaction, new Set([...(committed.get(transaction) ?? []), ...names]));
}

async function finishBranch(
  { options, logger, phases, logId }: TransactionContext,
  transaction: string,
  phase: "commit" | "rollback",
  participant: Participant,
  mark: string | undefined,
): Promise<Finish> {
  const { name } = participant;
  const gid = printGid({ log: logId, transaction, participant: name });
  const end = performance.now() + options.lease;
  for (let attempt = 0; ; attempt++) {
    try {
      const limit = end - performance.now();
      await phases.run({ phase, transaction, participant: name }, limit, () => participant[phase](gid, mark));
      return "done";
    } catch (error) {
      if (isPotterError(error) && error.code === "data_loss") {
        const message =
          "a branch was ended against the decision: repair its data, then call resolve of the coordinator";
        logger.error(message, { transaction, decision: phase, participant: name, gid, error });
        return "contradicted";
      }
      const delay = retryDelay(attempt, { base: 50, cap: 1_000 });
      if (attempt + 1 === mostAttempts || performance.now() + delay >= end) {
        const done = phase === "commit" ? "committed" : "rolled back";
        logger.warn(`a branch could not be ${done}: recovery repeats it`, { transaction, participant: name, error });
        return "failed";
      }
      await sleep(delay, undefined);
    }
  }
}
