import { type AnyMethod, runWithin } from "../cqrs/index.js";
import type { CallerOptions } from "./caller.js";

/** A caller, and the time that was left when it was known. */
export interface IdentifiedCaller {
  readonly caller: CallerOptions | undefined;
  /** What remains of the deadline for the call itself: milliseconds, at least 1. undefined: the call has none. */
  readonly left: number | undefined;
}

/**
 * Identifies the caller within the deadline of its call, in milliseconds: a client that waits for an answer does not know what takes
 * the time. Rejects with `deadline_exceeded` when it has passed, and as `find` does. `isChosen`: the client has chosen the deadline.
 */
export async function identifyWithin(
  find: () => Promise<CallerOptions | undefined>,
  { name }: Pick<AnyMethod, "name">,
  limit: number | undefined,
  isChosen: boolean,
): Promise<IdentifiedCaller> {
  if (limit === undefined) return { caller: await find(), left: undefined };
  const start = performance.now();
  const caller = await runWithin(limit, { name, stream: "unary" }, undefined, find, (found) => found, isChosen);
  return { caller, left: Math.max(1, Math.round(limit - (performance.now() - start))) };
}
