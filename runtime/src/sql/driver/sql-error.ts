import { type Code, isPotterError, PotterError } from "../../errors/index.js";

/** SQLSTATE of a transaction that aborts instead of locking rows out of order. */
export const outOfOrderState = "PT002";

/** SQLSTATEs and socket error codes of a lost or refused connection. */
const gone =
  /^(08...|25P03|57P0[1235]|ECONN(REFUSED|RESET)|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;

/**
 * Messages of a server for a statement that does not match its prepared form (08P01). A pooler uses 08P01 to refuse
 * connections.
 */
const unfit = /^(bind message|invalid message format|insufficient data|invalid frontend message)/;

/** Messages of the drivers, without a code, when the connection ends during a query. */
const ended =
  /^(Connection terminated|Client has encountered a connection error|Cannot use a pool after|timeout exceeded when|timeout expired|PGlite is clos)/;

/**
 * Converts an error of a driver to a PotterError. The cause is kept for logs; the message contains neither the
 * statement nor its values nor connection parameters.
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

/** Whether a retry of the transaction can succeed: after a deadlock, an avoided deadlock or a serialization failure. */
export function isTransient(error: unknown): boolean {
  return isPotterError(error) && error.code === "aborted" && /^(40001|40P01|PT002)$/.test(codeOf(error.cause));
}

/** The error for a change of a stream that another transaction has changed meanwhile. It is transient. */
export function busyStream(): PotterError {
  const message = "another transaction has changed the stream meanwhile; try again";
  return new PotterError("aborted", message, { cause: Object.assign(new Error(message), { code: "40001" }) });
}

/** Whether the transaction was aborted by a deadlock. */
export function isDeadlock(error: unknown): boolean {
  return isPotterError(error) && codeOf(error.cause) === "40P01";
}

/** Whether the connection was lost. The outcome of sent statements is unknown. */
export function isConnectionLost(error: unknown): boolean {
  if (!isPotterError(error) || error.code !== "unavailable") return false;
  const { cause } = error;
  return isGone(codeOf(cause), cause instanceof Error ? cause.message : "");
}

/** Whether the server accepts no writes. The statement had no effect. */
export function isReadOnly(error: unknown): boolean {
  return isPotterError(error) && codeOf(error.cause) === "25006";
}

/** Whether the server is starting or stopping and refused the connection. The statement had no effect. */
export function isStarting(error: unknown): boolean {
  return isPotterError(error) && codeOf(error.cause) === "57P03";
}

/** Whether a prepared statement no longer matches the tables, after a migration. The statement had no effect. */
export function isStalePlan(error: unknown): boolean {
  if (!isPotterError(error) || codeOf(error.cause) !== "0A000") return false;
  return error.cause instanceof Error && /^cached plan/.test(error.cause.message);
}

/** Whether the database refused the data: its format, its size, or by a constraint. */
export function isRefusedData(error: unknown): boolean {
  return isPotterError(error) && /^(22|23|54|P0)/.test(codeOf(error.cause));
}

/** Whether a statement exceeded its lock timeout. */
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
