import type { Logger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { CoordinatorLog } from "./coordinator-log.js";
import type { Participant } from "./participant.js";
import type { PhaseEvent } from "./phases.js";

/** The options of {@link createCoordinator}. */
export interface CoordinatorOptions {
  /** The durable log. All processes with the same participants share it; no other coordinators may. */
  readonly log: CoordinatorLog;
  /** All participants that transactions join. One that unfinished transactions name must stay in the list. */
  readonly participants: readonly Participant[];
  /** Receives warnings about orphans and unfinished transactions. Default: silent. */
  readonly logger?: Logger;
  /** Called after each phase of each transaction, for spans and metrics. Its errors are logged. Default: none. */
  readonly observe?: (event: PhaseEvent) => void;
  /** Milliseconds that a transaction may take from its start to its decision. Later it is rolled back. Default 30,000. */
  readonly timeout?: number;
  /** Milliseconds for each call after the decision, and until recovery takes over what was decided. Default 10,000. */
  readonly lease?: number;
  /** Milliseconds between two runs of recovery. Default 30,000. */
  readonly recoveryInterval?: number;
  /** Age in milliseconds from which recovery warns about a prepared branch that another log decides about. Default 600,000. */
  readonly warnAfter?: number;
}

/** The options with their defaults. */
export type CheckedOptions = Required<Omit<CoordinatorOptions, "observe" | "logger">>;

export function checkOptions(options: CoordinatorOptions): CheckedOptions {
  const {
    log,
    participants,
    timeout = 30_000,
    lease = 10_000,
    recoveryInterval = 30_000,
    warnAfter = 600_000,
  } = options;
  for (const [name, value] of Object.entries({ timeout, lease, recoveryInterval, warnAfter })) {
    if (Number.isFinite(value) && value > 0 && value < 2 ** 31) continue;
    throw new PotterError("invalid_argument", `${name} is a number of milliseconds from 1 to 2^31 - 1: found ${value}`);
  }
  return { log, participants, timeout, lease, recoveryInterval, warnAfter };
}
