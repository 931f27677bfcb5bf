import { fallback } from "./fallback.js";
import type { WriteValue } from "./write-scalar.js";

const firstSecond = -62_135_596_800n;
const lastSecond = 253_402_300_799n;

/** Writes a google.protobuf.Timestamp. */
export const writeTimestamp: WriteValue = (value) => {
  const { $typeName, seconds, nanos } = value as Readonly<Record<string, unknown>>;
  if ($typeName !== "google.protobuf.Timestamp" || typeof seconds !== "bigint" || !isNanos(nanos)) return fallback;
  if (seconds < firstSecond || seconds > lastSecond) return fallback;
  return `"${writeSeconds(Number(seconds))}${writeNanos(nanos)}Z"`;
};

const daySeconds = 86_400;
let day = 0;
let dayText = "1970-01-01T";

/** Caches the last day, since consecutive times are mostly on the same day and `toISOString` is expensive. */
function writeSeconds(seconds: number): string {
  const current = Math.floor(seconds / daySeconds);
  if (current !== day) {
    dayText = new Date(current * daySeconds * 1000).toISOString().slice(0, 11);
    day = current;
  }
  const rest = seconds - current * daySeconds;
  return `${dayText}${twoDigits(Math.floor(rest / 3600))}:${twoDigits(Math.floor(rest / 60) % 60)}:${twoDigits(rest % 60)}`;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

const mostSeconds = 315_576_000_000n;

/** Writes a google.protobuf.Duration that is not negative. */
export const writeDuration: WriteValue = (value) => {
  const { $typeName, seconds, nanos } = value as Readonly<Record<string, unknown>>;
  if ($typeName !== "google.protobuf.Duration" || typeof seconds !== "bigint" || !isNanos(nanos)) return fallback;
  return seconds < 0n || seconds > mostSeconds ? fallback : `"${seconds}${writeNanos(nanos)}s"`;
};

function isNanos(nanos: unknown): nanos is number {
  return Number.isInteger(nanos) && (nanos as number) >= 0 && (nanos as number) <= 999_999_999;
}

/** Writes a fraction of 3, 6 or 9 digits, or an empty text for zero. */
function writeNanos(nanos: number): string {
  if (nanos === 0) return "";
  if (nanos % 1_000_000 === 0) {
    const milliseconds = nanos / 1_000_000;
    return milliseconds < 10 ? `.00${milliseconds}` : milliseconds < 100 ? `.0${milliseconds}` : `.${milliseconds}`;
  }
  const digits = String(nanos).padStart(9, "0");
  return `.${digits.endsWith("000") ? digits.slice(0, 6) : digits}`;
}
