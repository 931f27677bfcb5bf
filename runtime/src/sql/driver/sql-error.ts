import { type Code, isPotterError, PotterError } from "../../errors/index.js";

/** The error by which a transaction gives up that would have to wait for rows in another order than the rest. */
export const outOfOrderState = "PT002";

/** Codes of PostgreSQL (SQLSTATE) and of sockets that mean: nobody is there, or not any more. */
const gone =
  /^(08...|25P03|57P0[1235]|ECONN(REFUSED|RESET)|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;

/** What a server says with 08P01 of a statement that does not fit what was prepared. A pooler says 08P01 when it lets nobody in. */
const unfit = /^(bind message|invalid message format|insufficient data|invalid frontend message)/;

/** What the drivers say, without a code, when the connection has ended under a query. */
const ended =
  /^(Connection terminated|Client has encountered a connection error|Cannot use a pool after|timeout exceeded when|timeout expired|PGlite is clos)/;

/**
 * Puts an error of a driver in the words of the runtime. The cause is kept for logs; the message holds nothing of
 * the statement, its values or how to connect.
 */
export function toPotterError(error: unknown, medium: string): PotterError {
  if (isPotterError(error)) return error;
  const state = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (state === "25P03") {
    const message = `${medium} has ended a transaction that waited for its next statement longer than idleInTransactionTimeout, or the server, allows`;
    return new PotterError("unavailable", message, { cause: error, confidential: true });
  }
  if (isGone(state, text)) {
    return new PotterError("unavailable", `${medium} cannot be reached`, { cause: error, confidential: true });
  }
  if (state === "2200H") {
    return new PotterError("resource_exhausted", `${medium} has no positions left: all up to 2^53 - 1 are used`, {
      cause: error,
    });
  }
  if (/^(42P05|26000)$/.test(state) || (state === "08P01" && unfit.test(text))) {
    const message = `${medium} does not keep prepared statements with their connection (${state}): a pooler that gives each transaction another connection stands before it. Say so: set the option pooler to "transaction"`;
    return new PotterError("failed_precondition", message, { cause: error });
  }
  if (state === "25006")
    return new PotterError(
      "unavailable",
      `${medium} takes no writes: it is a standby, or default_transaction_read_only is on`,
      {
        cause: error,
        confidential: true,
      },
    );
  return new PotterError(toCode(state), `${medium} refused a statement${state && ` (${state})`}`, {
    cause: error,
    confidential: true,
  });
}

/** Whether another try of the same transaction can succeed: a deadlock, or one that was avoided, or a failure to serialize. */
export function isTransient(error: unknown): boolean {
  return isPotterError(error) && error.code === "aborted" && /^(40001|40P01|PT002)$/.test(codeOf(error.cause));
}

/** Whether two transactions waited for one another, and this one was given up. */
export function isDeadlock(error: unknown): boolean {
  return isPotterError(error) && codeOf(error.cause) === "40P01";
}

/** Whether nobody answers any more. What was sent before may have been done. */
export function isConnectionLost(error: unknown): boolean {
  if (!isPotterError(error) || error.code !== "unavailable") return false;
  const { cause } = error;
  return isGone(codeOf(cause), cause instanceof Error ? cause.message : "");
}

/** Whether the server takes no writes, or not any more: it has done nothing. */
export function isReadOnly(error: unknown): boolean {
  return isPotterError(error) && codeOf(error.cause) === "25006";
}

/** Whether the server is starting or stopping and let nobody in: it has done nothing. */
export function isStarting(error: unknown): boolean {
  return isPotterError(error) && codeOf(error.cause) === "57P03";
}

/** Whether a prepared statement no longer fits the tables, since somebody migrated: nothing was done. */
export function isStalePlan(error: unknown): boolean {
  if (!isPotterError(error) || codeOf(error.cause) !== "0A000") return false;
  return error.cause instanceof Error && /^cached plan/.test(error.cause.message);
}

/** Whether it is what was to be written that the database refused: its form, its size, or by a constraint of a table. */
export function isRefusedData(error: unknown): boolean {
  return isPotterError(error) && /^(22|23|54|P0)/.test(codeOf(error.cause));
}

/** Whether a statement gave up waiting for what another transaction holds. */
export function isLockTimeout(error: unknown): boolean {
  return isPotterError(error) && codeOf(error.cause) === "55P03";
}

function isGone(state: string, text: string): boolean {
  return (gone.test(state) && !(state === "08P01" && unfit.test(text))) || ended.test(text);
}

function toCode(state: string): Code {
  if (state === "40001" || state === "40P01" || state === "55P03" || state === outOfOrderState) return "aborted";
  if (state === "57014" || state === "25P04") return "deadline_exceeded";
  if (state.startsWith("53")) return "resource_exhausted";
  if (state === "42501") return "permission_denied";
  return "internal";
}

function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}
