import { UsageError } from "../usage-error.js";

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a time as people type it: `2026-11-26`, `2026-11-26T08:00:00Z`, or `15m`, `2h`, `7d` ago. Returns milliseconds since
 * 1970; throws a UsageError that names the option.
 */
export function readTime(option: string, text: string, now: number): number {
  const ago = /^(\d+)([smhd])$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * (units[ago[2] ?? ""] ?? 0);
  // Only ISO 8601: Date.parse accepts other formats too, but differently from engine to engine.
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new UsageError(
    `--${option} must be a time such as 2026-11-26, 2026-11-26T08:00:00Z, or 2h (two hours ago), not ${JSON.stringify(text)}`,
  );
}
