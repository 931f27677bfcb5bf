import { PotterError } from "../../../errors/index.js";

/** Reads `connect-timeout-ms`. Returns milliseconds, Infinity without a header. Throws a PotterError for an invalid one. */
export function readConnectTimeout(header: string | undefined): number {
  if (header === undefined) return Number.POSITIVE_INFINITY;
  if (/^\d{1,10}$/.test(header)) return Number(header);
  throw new PotterError("invalid_argument", "Connect-Timeout-Ms must be 1 to 10 digits");
}

/** Throws a PotterError for a version of the protocol other than 1. */
export function checkConnectVersion(version: string | undefined, expected: string): void {
  if (version === undefined || version === expected) return;
  throw new PotterError(
    "invalid_argument",
    `the version of the Connect protocol is not supported: expected ${expected}`,
  );
}
