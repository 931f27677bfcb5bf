import { type Code, isPotterError } from "../../../errors/index.js";
import { toPublicMessage } from "../../../http/index.js";
import { type Detail, detailsOf } from "./error-details.js";

/** An error as clients may see it. */
export interface ErrorReport {
  readonly code: Code;
  readonly message: string;
  readonly details: readonly Detail[];
  /** When the client may retry, in milliseconds. */
  readonly retryAfter?: number | undefined;
}

/** Reports an error. One that only the operator of the server can fix loses its message. */
export function toReport(error: unknown, correlationId: string): ErrorReport {
  const message = toPublicMessage(error, correlationId);
  if (!isPotterError(error)) return { code: "internal", message, details: [] };
  return { code: error.code, message, details: detailsOf(error), retryAfter: error.retryAfter };
}
