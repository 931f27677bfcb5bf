import { PotterError } from "../errors/index.js";

/** A google.protobuf.Timestamp as the message libraries represent it: protobuf-es, and ts-proto with each value of `useDate`. */
export type TimestampValue =
  | { readonly seconds: bigint | number | string; readonly nanos: number }
  | Date
  | string
  | undefined;

/** The latest time of a Date, in milliseconds since 1970. */
const latest = 8.64e15;

/**
 * Returns the milliseconds since 1970 of a timestamp, rounded up so that a timer is never early; undefined: it has no value.
 * Throws `invalid_argument` for a text or date that is no time.
 */
export function timeOf(timestamp: TimestampValue): number | undefined {
  if (timestamp === undefined || timestamp === null) return undefined;
  const time =
    typeof timestamp === "string"
      ? Date.parse(timestamp)
      : timestamp instanceof Date
        ? timestamp.getTime()
        : Number(timestamp.seconds) * 1000 + Math.ceil(timestamp.nanos / 1_000_000);
  if (!(Math.abs(time) <= latest)) {
    throw new PotterError("invalid_argument", "the time of a saga's step is no valid timestamp");
  }
  return time;
}
