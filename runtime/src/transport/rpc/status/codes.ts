import type { Code } from "../../../errors/index.js";

/** How gRPC and Connect write a code. */
export interface CodeForms {
  /** The number in `grpc-status`. */
  readonly grpc: number;
  /** The name in an error of Connect. */
  readonly connect: string;
  /** The HTTP status of an unary response of Connect: its own table, in which `failed_precondition` is 400. */
  readonly status: number;
}

const codes: Readonly<Record<Code, CodeForms>> = {
  cancelled: { grpc: 1, connect: "canceled", status: 499 },
  unknown: { grpc: 2, connect: "unknown", status: 500 },
  invalid_argument: { grpc: 3, connect: "invalid_argument", status: 400 },
  deadline_exceeded: { grpc: 4, connect: "deadline_exceeded", status: 504 },
  not_found: { grpc: 5, connect: "not_found", status: 404 },
  already_exists: { grpc: 6, connect: "already_exists", status: 409 },
  permission_denied: { grpc: 7, connect: "permission_denied", status: 403 },
  resource_exhausted: { grpc: 8, connect: "resource_exhausted", status: 429 },
  failed_precondition: { grpc: 9, connect: "failed_precondition", status: 400 },
  aborted: { grpc: 10, connect: "aborted", status: 409 },
  out_of_range: { grpc: 11, connect: "out_of_range", status: 400 },
  unimplemented: { grpc: 12, connect: "unimplemented", status: 501 },
  internal: { grpc: 13, connect: "internal", status: 500 },
  unavailable: { grpc: 14, connect: "unavailable", status: 503 },
  data_loss: { grpc: 15, connect: "data_loss", status: 500 },
  unauthenticated: { grpc: 16, connect: "unauthenticated", status: 401 },
};

/** Returns the forms of a code. */
export function formsOf(code: Code): CodeForms {
  return codes[code] ?? codes.unknown;
}
