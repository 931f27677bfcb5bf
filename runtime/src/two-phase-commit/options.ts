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

/** What the coordinator calls. A log or a participant that lacks one of them would fail in the middle of a transaction. */
const methodsOfLog = ["start", "begin", "decide", "takeDue", "find", "end"] as const satisfies (keyof CoordinatorLog)[];
const methodsOfParticipant = ["open", "prepare", "commit", "rollback"] as const satisfies (keyof Participant)[];

export function checkOptions(options: CoordinatorOptions): CheckedOptions {
  const {
    log,
    participants,
    timeout = 30_000,
    lease = 10_000,
    recoveryInterval = 30_000,
    warnAfter = 600_000,
  } = options;
  checkMethods("the log", log, methodsOfLog, "a durable log, such as postgresCoordinatorLog({ pool })");
  if (!Array.isArray(participants) || participants.length === 0) {
    throw new PotterError(
      "invalid_argument",
      "participants is a list of all databases that transactions join: found none",
    );
  }
  for (const participant of participants) {
    const expected = "what postgresParticipant or mariadbParticipant returns, or one of your own";
    checkMethods("a participant", participant, methodsOfParticipant, expected);
  }
  const durations = { timeout, lease, recoveryInterval, warnAfter };
  for (const [name, value] of Object.entries(durations)) checkDuration(name, value);
  return { log, participants, timeout, lease, recoveryInterval, warnAfter };
}

/** Throws `invalid_argument` for what no timer can wait for. */
export function checkDuration(name: string, value: number): void {
  if (Number.isFinite(value) && value > 0 && value < 2 ** 31) return;
  throw new PotterError("invalid_argument", `${name} is a number of milliseconds from 1 to 2^31 - 1: found ${value}`);
}

function checkMethods(what: string, value: unknown, methods: readonly string[], expected: string): void {
  const isObject = typeof value === "object" && value !== null;
  const missing = methods.filter((name) => !isObject || typeof Reflect.get(value, name) !== "function");
  if (missing.length === 0) return;
  const found = isObject ? `lacks ${missing.join(", ")}` : `is ${String(value)}`;
  throw new PotterError("invalid_argument", `${what} of the coordinator ${found}: expected ${expected}`);
}
