/** Prints a duration: `850 ms`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function printSpan(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Prints a number with thousands separators, the same in every locale: `1,234,567`. */
export function printCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** Prints a number with its noun: `1 event`, `1,234 events`. */
export function printCountOf(count: number, noun: string): string {
  return `${printCount(count)} ${noun}${Math.round(count) === 1 ? "" : "s"}`;
}
