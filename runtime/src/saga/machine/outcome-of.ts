import type { Code } from "../../errors/index.js";
import type { FailureKind } from "./message.js";

/** The command had no effect, and another attempt would be refused too. */
const refused: ReadonlySet<string> = new Set<Code>([
  "invalid_argument",
  "not_found",
  "already_exists",
  "permission_denied",
  "failed_precondition",
  "out_of_range",
  "unimplemented",
  "unauthenticated",
]);

/** The command had no effect, and another attempt may succeed. */
const temporary: ReadonlySet<string> = new Set<Code>(["resource_exhausted", "aborted"]);

/** What the code of an error says about the effect of a command. A declared error is a refusal whatever its code. */
export function outcomeOf(code: Code): FailureKind {
  if (refused.has(code)) return "refused";
  return temporary.has(code) ? "temporary" : "unknown";
}
