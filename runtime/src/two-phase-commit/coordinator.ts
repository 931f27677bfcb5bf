import { StopSignal, sleep } from "../async/index.js";
import { silentLogger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { newId } from "../message/index.js";
import type { LogEntry } from "./coordinator-log.js";
import { checkNames, isLogId } from "./gid.js";
import { type CoordinatorOptions, checkDuration, checkOptions } from "./options.js";
import { Phases } from "./phases.js";
import { Recovery, type RecoveryReport } from "./recovery.js";
import { resolveTransaction } from "./resolve-transaction.js";
import { RunningTransaction, type TwoPhaseTransaction } from "./transaction.js";
import type { TransactionContext } from "./transaction-context.js";

/** Runs transactions over several participants, and finishes those that a crash has interrupted. */
export interface Coordinator {
  /**
   * Checks the participants, creates the log, and recovers now and periodically. Rejects with `failed_precondition` if a
   * participant cannot prepare.
   */
  start(): Promise<void>;
  /**
   * Runs work, then commits all that it joined, or nothing. Resolves when the decision to commit is durable: usually all
   * branches are committed by then, and recovery commits those that were not reachable. Rejects with the error of the work;
   * with `aborted`, or the code of the participant, if one cannot prepare; with `deadline_exceeded` or `aborted` if it takes too
   * long: all of these are rolled back. Rejects with `unknown` if the log did not answer the decision: recovery finishes it
   * one way or the other. `timeout`: milliseconds until the decision, instead of that of the coordinator.
   */
  run<T>(work: (transaction: TwoPhaseTransaction) => Promise<T>, options?: { readonly timeout?: number }): Promise<T>;
  /** Finishes what is due, and rolls back orphans, once and now. Rejects if the log cannot be read. */
  recover(): Promise<RecoveryReport>;
  /** Returns all transactions in the log, running and unfinished ones. */
  list(): Promise<readonly LogEntry[]>;
  /**
   * Removes a transaction from the log of which a branch was ended against the decision, after a person has repaired its data. Until
   * then recovery reports it as `contradicted`. Returns whether it was in the log. Rejects with `failed_precondition` if recovery can
   * still finish a branch.
   */
  resolve(id: string): Promise<boolean>;
  /** Ends recovery and waits for running transactions. */
  stop(): Promise<void>;
}

/** Creates a coordinator of two-phase commit. Start it before its first transaction. */
export function createCoordinator(options: CoordinatorOptions): Coordinator {
  const checked = checkOptions(options);
  checkNames(checked.participants.map(({ name }) => name));
  const logger = options.logger ?? silentLogger;
  const phases = new Phases(options.observe, logger);
  const stopped = new StopSignal();
  const running = new Set<Promise<unknown>>();
  let context: TransactionContext | undefined;
  let recovery: Recovery | undefined;
  let recovering: Promise<RecoveryReport> | undefined;
  let loop: Promise<void> | undefined;

  const started = <T>(value: T | undefined): T => {
    if (value !== undefined && !stopped.signal.aborted) return value;
    const state = value === undefined ? "not started: call start() first" : "stopped";
    throw new PotterError(value === undefined ? "failed_precondition" : "unavailable", `the coordinator is ${state}`);
  };
  /** Two runs at a time in one process would only do the same. */
  const recover = async (): Promise<RecoveryReport> => {
    const own = started(recovery);
    recovering ??= own.run().finally(() => {
      recovering = undefined;
    });
    return await recovering;
  };
  const recoverOften = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await recover().catch((error: unknown) => logger.warn("recovery of two-phase commit failed", { error }));
      await sleep(checked.recoveryInterval, stopped.signal);
    }
  };
  return {
    async start() {
      if (context !== undefined)
        throw new PotterError("failed_precondition", "the coordinator has been started already");
      const [logId] = await Promise.all([
        checked.log.start(),
        ...checked.participants.map((participant) => participant.start?.()),
      ]);
      if (!isLogId(logId)) {
        const message = `the log of the coordinator has the id ${JSON.stringify(logId)}: expected 16 of 0–9, a–f`;
        throw new PotterError("failed_precondition", message);
      }
      context = { options: checked, logger, phases, logId, committed: new Map() };
      recovery = new Recovery(context);
      loop = recoverOften();
    },
    async run(work, { timeout = checked.timeout } = {}) {
      checkDuration("timeout", timeout);
      const transaction = new RunningTransaction(newId(), started(context), timeout);
      const result = transaction.run(work);
      running.add(result);
      try {
        return await result;
      } finally {
        running.delete(result);
      }
    },
    recover,
    async list() {
      started(context);
      return await checked.log.find();
    },
    async resolve(id) {
      return await resolveTransaction(started(context), id);
    },
    async stop() {
      stopped.abort();
      await Promise.allSettled([...running, loop]);
    },
  };
}
