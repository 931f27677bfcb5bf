import type { EventSlice } from "../../store/ports/index.js";
import type { PartialWrite, Projector } from "../declaration/index.js";
import type { BatchOutcome, Failure } from "./batch.js";

/** The outcome of a batch without events. */
export const none: BatchOutcome = { changed: [], changes: [], failures: [], behind: [] };

/**
 * The outcome of a batch that a target has written in part: the first refused event of each key has failed, the later ones are
 * behind it. Events beyond `through` are not in it.
 */
export function withoutRefused(
  projector: Projector,
  { events, position }: EventSlice,
  outcome: BatchOutcome,
  { refused = [], through: end = position }: PartialWrite,
): { readonly left: BatchOutcome; readonly through: number } {
  const through = Math.min(end, position);
  const reasons = new Map(refused.map(({ change, error }) => [change.event.position, error]));
  const failures = outcome.failures.filter(({ event }) => event.position <= through);
  const behind = outcome.behind.filter(({ event }) => event.position <= through);
  const failedKeys = new Set<string>();
  const rejected: Failure[] = [];
  for (const event of events) {
    if (event.position > through || !reasons.has(event.position)) continue;
    const key = projector.keyOf(event);
    if (failedKeys.has(key)) behind.push({ event, key });
    else rejected.push({ event, key, error: reasons.get(event.position), unknown: false });
    failedKeys.add(key);
  }
  return { left: { ...none, failures: [...failures, ...rejected], behind }, through };
}
