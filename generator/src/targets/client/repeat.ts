import type { MethodModel } from "../../model/index.js";

/**
 * When a client may repeat a call whose outcome it does not know.
 *
 * - `safe`: it is a query, or the contract declares by `idempotency_level` that repetition has no further effect.
 * - `keyed`: it is a command that is answered alike under the same command id. An aggregate records the id with its events, and the
 *   runtime records the response of a command that is a function.
 * - `never`: its request is a stream, or it is a command whose response is a stream, of which nothing is recorded.
 */
export function repeatOf({ role, stream, idempotent }: MethodModel): "safe" | "keyed" | "never" {
  if (stream === "client" || stream === "bidi") return "never";
  if (role.kind === "query" || idempotent) return "safe";
  return stream === "unary" ? "keyed" : "never";
}
