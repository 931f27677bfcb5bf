import { PotterError } from "../../../errors/index.js";

const units: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 0.001, n: 0.000_001 };

/** Reads `grpc-timeout`. Returns milliseconds, Infinity without a header. Throws a PotterError for an invalid one. */
export function readGrpcTimeout(header: string | undefined): number {
  if (header === undefined) return Number.POSITIVE_INFINITY;
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(header) ?? [];
  if (digits !== undefined && unit !== undefined) return Number(digits) * (units[unit] as number);
  throw new PotterError(
    "invalid_argument",
    "grpc-timeout must be 1 to 8 digits and one of H, M, S, m, u and n, like 500m",
  );
}
