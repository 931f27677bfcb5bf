import { fallback } from "./fallback.js";
import type { ReadValue } from "./read-scalar.js";

const time = /^([1-9]\d{3})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;

/** Reads a google.protobuf.Timestamp, in UTC and between the years 1000 and 9999. */
export const readTimestamp: ReadValue = (json) => {
  const parts = typeof json === "string" ? time.exec(json) : null;
  if (parts === null) return fallback;
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction] = parts;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return fallback;
  const milliseconds = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second);
  const date = new Date(milliseconds);
  // An invalid month or day has overflowed into another one.
  if (date.getUTCMonth() !== +month - 1 || date.getUTCDate() !== +day) return fallback;
  return { $typeName: "google.protobuf.Timestamp", seconds: BigInt(milliseconds / 1000), nanos: toNanos(fraction) };
};

const anyTime = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/;

/** Whether a text is a time of RFC 3339 with a valid calendar date, in any time zone and any year. */
export function isTimestamp(text: string): boolean {
  const parts = anyTime.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHour, offsetMinute] = parts;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  if (day < 1 || day > days || hour > 23 || minute > 59 || second > 59) return false;
  // UTC has no offset: both are NaN, and the comparisons are false.
  return !((offsetHour ?? 0) > 23 || (offsetMinute ?? 0) > 59);
}

const seconds = /^(-?\d{1,12})(?:\.(\d{1,9}))?s$/;

/** Ten thousand years, the longest google.protobuf.Duration. */
const mostSeconds = 315_576_000_000;

/** Reads a google.protobuf.Duration. */
export const readDuration: ReadValue = (json) => {
  const parts = typeof json === "string" ? seconds.exec(json) : null;
  if (parts === null) return fallback;
  const [, whole = "", fraction] = parts;
  const number = Number(whole);
  if (Math.abs(number) > mostSeconds) return fallback;
  const nanos = toNanos(fraction);
  const negative = fraction !== undefined && whole.startsWith("-");
  return { $typeName: "google.protobuf.Duration", seconds: BigInt(whole), nanos: negative ? -nanos : nanos };
};

function toNanos(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.padEnd(9, "0"));
}
