import type { Code } from "../../errors/index.js";

/** The number of each code: that of google.rpc.Code, which gRPC sends as `grpc-status`. */
const numbers: Readonly<Record<Code, number>> = {
  cancelled: 1,
  unknown: 2,
  invalid_argument: 3,
  deadline_exceeded: 4,
  not_found: 5,
  already_exists: 6,
  permission_denied: 7,
  resource_exhausted: 8,
  failed_precondition: 9,
  aborted: 10,
  out_of_range: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  data_loss: 15,
  unauthenticated: 16,
};

/** Returns the number of a code in gRPC; that of `unknown` for a code of a later version. */
export function toGrpcNumber(code: Code): number {
  return numbers[code] ?? numbers.unknown;
}
