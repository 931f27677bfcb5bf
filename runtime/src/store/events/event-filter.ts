import type { EventFilter, RecordedEvent } from "../ports/index.js";
import { bucketOf } from "./bucket.js";

/** Compiles a filter to a predicate. Stores with their own query language must return the same events. */
export function toPredicate(filter: EventFilter): (event: RecordedEvent) => boolean {
  const { tenant, buckets } = filter;
  const types = filter.types && new Set(filter.types);
  const streamTypes = filter.streamTypes && new Set(filter.streamTypes);
  return ({ type, stream }) => {
    if (types !== undefined && !types.has(type)) return false;
    if (streamTypes !== undefined && !streamTypes.has(stream.type)) return false;
    if (tenant !== undefined && stream.tenant !== tenant) return false;
    if (buckets === undefined) return true;
    const bucket = bucketOf(stream);
    return bucket >= buckets.from && bucket <= buckets.to;
  };
}
