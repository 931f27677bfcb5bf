import type { Logger } from "../cqrs/index.js";
import type { PersonalContents } from "../personal/index.js";
import type { Part } from "./part.js";

/**
 * Warns of unique values without a declared subject, in aggregates whose events name subjects. If a command records events of
 * two subjects, the value has no subject, and erasing either subject would not release it.
 */
export function warnOfUniqueValues(parts: readonly Part[], contents: PersonalContents, logger: Logger): void {
  for (const { aggregate, decider } of parts.filter((part) => part.kind === "decider")) {
    if (contents.ownersOf(aggregate.type) !== "named") continue;
    for (const [index, read] of Object.entries(decider.unique ?? {})) {
      if (typeof read !== "function") continue;
      logger.warn("a unique value declares no data subject", {
        aggregate: aggregate.name,
        unique: index,
        fix: "declare it as { value, subject }, with the subject as the events name it",
      });
    }
  }
}
