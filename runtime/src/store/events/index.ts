// Rules about events that every event store follows: buckets, filters, keys of streams, imports.
export { bucketCount, bucketOf } from "./bucket.js";
export { toEarlyEvent, withData, withoutPayload } from "./early-event.js";
export { toPredicate } from "./event-filter.js";
export { type ImportedStream, planImport } from "./plan-import.js";
export { streamMapKey } from "./stream-key.js";
