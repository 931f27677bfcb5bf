import type { Code } from "../../../errors/index.js";

/** How Connect writes a code. */
export interface ConnectForms {
  /** The name in an error. */
  readonly name: string;
  /** The HTTP status of an unary response: its own table, in which `failed_precondition` is 400. */
  readonly status: number;
}

const codes: Readonly<Record<Code, ConnectForms>> = {
  cancelled: { name: "canceled", status: 499 },
  unknown: { name: "unknown", status: 500 },
  invalid_argument: { name: "invalid_argument", status: 400 },
  deadline_exceeded: { name: "deadline_exceeded", status: 504 },
  not_found: { name: "not_found", status: 404 },
  already_exists: { name: "already_exists", status: 409 },
  permission_denied: { name: "permission_denied", status: 403 },
  resource_exhausted: { name: "resource_exhausted", status: 429 },
  failed_precondition: { name: "failed_precondition", status: 400 },
  aborted: { name: "aborted", status: 409 },
  out_of_range: { name: "out_of_range", status: 400 },
  unimplemented: { name: "unimplemented", status: 501 },
  internal: { name: "internal", status: 500 },
  unavailable: { name: "unavailable", status: 503 },
  data_loss: { name: "data_loss", status: 500 },
  unauthenticated: { name: "unauthenticated", status: 401 },
};

/** Returns the forms of a code; those of `unknown` for a code of a later version. */
export function connectFormsOf(code: Code): ConnectForms {
  return codes[code] ?? codes.unknown;
}
