import { streamMapKey } from "../../store/events/index.js";
import type { SqlAppend } from "./append-values.js";

/**
 * Sends appends in the order of their streams, and returns the results in the order given. All processes write in this order, so two
 * statements that have several streams in common do not wait for each other in a circle.
 */
export async function inStreamOrder<Result>(
  appends: readonly SqlAppend[],
  send: (appends: readonly SqlAppend[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const ordered = appends.map((append, at) => ({ append, at, key: streamMapKey(append.append.stream) }));
  ordered.sort((one, other) => (one.key < other.key ? -1 : 1));
  const results = await send(ordered.map(({ append }) => append));
  const given = new Array<Result>(appends.length);
  for (const [i, { at }] of ordered.entries()) given[at] = results[i] as Result;
  return given;
}
