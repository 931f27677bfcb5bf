import type { EventFilter, StreamId, StreamQuery, StreamRange } from "../ports/index.js";
import { checkStream, checkTenant } from "./check-append.js";
import { checkInteger, checkText, maxTextBytes } from "./check-value.js";

/** Refuses an invalid range of the log. */
export function checkSlice(
  after: number,
  limit: number,
  { tenant, types, streamTypes, buckets }: EventFilter = {},
): void {
  checkInteger("the position to read after", after);
  checkInteger("the limit of events", limit, 1);
  if (tenant !== undefined) checkTenant(tenant);
  for (const type of types ?? []) checkText("a type of events", type, maxTextBytes.type);
  for (const type of streamTypes ?? []) checkText("a type of streams", type, maxTextBytes.type);
  if (buckets === undefined) return;
  checkInteger("the first bucket", buckets.from);
  checkInteger("the last bucket", buckets.to);
}

/** Refuses an invalid request to load a stream. */
export function checkLoad(
  stream: StreamId,
  { stateVersion, after }: { readonly stateVersion?: number; readonly after?: number } = {},
): void {
  checkStream(stream);
  if (stateVersion !== undefined) checkInteger("the version of the state's shape", stateVersion);
  if (after !== undefined) checkInteger("the version to load after", after);
}

/** Refuses an invalid range of a stream. */
export function checkRange(stream: StreamId, { after, before, limit }: StreamRange = {}): void {
  checkStream(stream);
  if (after !== undefined) checkInteger("the version to read after", after);
  if (before !== undefined) checkInteger("the version to read up to", before);
  if (limit !== undefined) checkInteger("the limit of events", limit);
}

/** Refuses an invalid query of streams. */
export function checkStreamQuery({ tenant, after, limit }: StreamQuery): void {
  if (tenant !== undefined) checkTenant(tenant);
  if (after !== undefined) checkStream(after);
  checkInteger("the limit of streams", limit, 1);
}
