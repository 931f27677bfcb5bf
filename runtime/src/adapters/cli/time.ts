import { UsageError } from "./usage-error.js";

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A moment as people type it, in milliseconds since 1970: `2026-11-26`, `2026-11-26T08:00:00Z`, or `15m`, `2h`, `7d` ago. */
export function readTime(option: string, text: string, now: number): number {
  const ago = /^(\d+)([smhd])$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * (units[ago[2] ?? ""] ?? 0);
  // Only ISO 8601: what else Date.parse takes, it takes differently from engine to engine.
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new UsageError(
    `--${option} must be a time such as 2026-11-26, 2026-11-26T08:00:00Z, or 2h (two hours ago), not ${JSON.stringify(text)}`,
  );
}

/** A span for people: `850 ms`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function printSpan(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 1,234,567 in every locale. */
export function printCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}
