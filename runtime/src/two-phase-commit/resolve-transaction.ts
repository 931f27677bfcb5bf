import { PotterError } from "../errors/index.js";
import { printGid } from "./gid.js";
import type { TransactionContext } from "./transaction-context.js";

/** Removes the entry of a transaction that only a person can finish. Returns whether there was one. */
export async function resolveTransaction(
  { options, logger, logId }: TransactionContext,
  transaction: string,
): Promise<boolean> {
  const [entry] = await options.log.find([transaction]);
  if (entry === undefined) return false;
  const refuse = (why: string) =>
    new PotterError("failed_precondition", `transaction ${transaction} cannot be resolved: ${why}`);
  if (entry.state === "preparing") throw refuse("it is not decided yet");
  for (const name of entry.participants) {
    const participant = options.participants.find((one) => one.name === name);
    if (participant === undefined) throw refuse(`this coordinator does not know its participant ${name}`);
    const gid = printGid({ log: logId, transaction, participant: name });
    // Without its entry it would be taken for an orphan, and rolled back.
    if ((await participant.prepared?.(gid))?.includes(gid)) {
      throw refuse(`its branch of ${name} is still prepared, so recovery will finish it`);
    }
  }
  await options.log.end(transaction);
  const { state, age } = entry;
  logger.warn("a transaction was resolved by a person", { transaction, state, age });
  return true;
}
