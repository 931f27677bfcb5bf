import { checkRowKey } from "../../store/checks/index.js";
import type { SagaDefinition } from "../declaration/index.js";
import { hasEnded, type SagaInstance, type SagaMessage } from "../machine/index.js";

/** The most sagas above another one: a saga that starts itself again and again would take all memory in one transaction. */
const maxDepth = 100;

/** Why a child saga cannot be started with this id, below so many others; undefined: it can. */
export function whyNoChild(id: string, depth: number): { readonly code: string; readonly reason: string } | undefined {
  if (depth > maxDepth) {
    return { code: "failed_precondition", reason: `it would be below more than ${maxDepth} other sagas` };
  }
  try {
    checkRowKey("the id of a child saga", id);
  } catch {
    return { code: "invalid_argument", reason: "the id of the child saga is longer than allowed" };
  }
  return undefined;
}

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
