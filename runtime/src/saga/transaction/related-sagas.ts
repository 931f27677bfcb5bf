import type { SagaDefinition } from "../declaration/index.js";
import { hasEnded, type SagaInstance, type SagaMessage } from "../machine/index.js";

/**
 * Whether only newer processes can continue a saga: it has a version that this one does not know, or a parent of a kind that it does not know,
 * and could not tell of its end.
 */
export function isForeign(
  known: { has(type: string): boolean },
  { version }: Pick<SagaDefinition, "version">,
  saga: SagaInstance,
): boolean {
  const { parent } = saga.origin;
  return saga.version > version || (parent !== undefined && !known.has(parent.type) && !hasEnded(saga));
}

/**
 * What a parent is sent after its child saga was asked to compensate. `reason`: why that had no effect. Returns undefined if the child will
 * tell: it compensates, or a newer process will ask it.
 */
export function answerOfChild(reason: string | undefined, step: string): SagaMessage | undefined {
  if (reason === undefined || reason === "unchanged" || reason === "newer_version") return undefined;
  if (reason === "ended" || reason === "unknown_saga") {
    return { kind: "child_ended", step, status: "compensated", data: undefined };
  }
  const failure = { code: "failed_precondition", reason: `the child saga cannot be compensated: ${reason}` };
  return { kind: "child_refused", step, failure };
}
