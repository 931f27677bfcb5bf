import { type Code, PotterClientError } from "../errors/index.js";

/** How a call ends when the connection closes with a code. Others: `unavailable`. */
const closeCodes: Readonly<Record<number, Code>> = {
  1009: "resource_exhausted",
  4400: "internal",
  4401: "unauthenticated",
  4403: "permission_denied",
};

/** The error of a call whose connection has closed. `unprocessed`: the server has certainly not begun it. */
export function toCloseError(code: number, reason: string, unprocessed: boolean): PotterClientError {
  const message = `no connection to the server: ${reason}`;
  return new PotterClientError(closeCodes[code] ?? "unavailable", message, { unprocessed });
}
