/**
 * Builds a pattern for the integers from `min` to `max` in ProtoJSON: no leading zeros, plus sign or exponent.
 * Undefined for an empty range. Not anchored.
 */
export function rangePattern(min: bigint, max: bigint): string | undefined {
  if (min > max) return undefined;
  const parts: string[] = [];
  const below = min < 0n ? ([max < 0n ? -max : 1n, -min] as const) : undefined;
  const above = max >= 0n ? ([min > 0n ? min : 0n, max] as const) : undefined;
  if (below !== undefined && above?.[0] === 0n) {
    // Digits that occur on both sides of zero are written once.
    const shared = below[1] < above[1] ? below[1] : above[1];
    parts.push("0", `-?${group(naturals(1n, shared))}`);
    if (below[1] > shared) parts.push(`-${group(naturals(shared + 1n, below[1]))}`);
    if (above[1] > shared) parts.push(...naturals(shared + 1n, above[1]));
  } else {
    if (below !== undefined) parts.push(`-${group(naturals(...below))}`);
    if (above !== undefined) parts.push(...naturals(...above));
  }
  return group(parts);
}

/** Alternatives for the numbers from `from` to `to`, none negative. */
function naturals(from: bigint, to: bigint): string[] {
  const parts: string[] = from === 0n ? ["0"] : [];
  let whole: { least: number; most: number } | undefined;
  const flush = () => {
    if (whole !== undefined) parts.push(`[1-9]${digits(whole.least, whole.most)}`);
    whole = undefined;
  };
  for (let low = from === 0n ? 1n : from; low <= to; ) {
    const { length } = String(low);
    const end = 10n ** BigInt(length) - 1n;
    const high = end < to ? end : to;
    if (high === end && low === 10n ** BigInt(length - 1)) {
      whole = { least: whole?.least ?? length - 1, most: length - 1 };
    } else {
      flush();
      parts.push(...sameLength(String(low), String(high)));
    }
    low = high + 1n;
  }
  flush();
  return parts;
}

/** Alternatives for the numbers between two digit strings of equal length. */
function sameLength(low: string, high: string): string[] {
  if (low === "") return [""];
  const [first = "", last = ""] = [low[0], high[0]];
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  if (first === last) return [first + group(sameLength(lowRest, highRest))];
  const free = digits(lowRest.length, lowRest.length);
  const lowIsWhole = /^0*$/.test(lowRest);
  const highIsWhole = /^9*$/.test(highRest);
  const from = Number(first) + (lowIsWhole ? 0 : 1);
  const to = Number(last) - (highIsWhole ? 0 : 1);
  return [
    ...(lowIsWhole ? [] : [first + group(sameLength(lowRest, "9".repeat(lowRest.length)))]),
    ...(from > to ? [] : [`${from === to ? from : `[${from}-${to}]`}${free}`]),
    ...(highIsWhole ? [] : [last + group(sameLength("0".repeat(highRest.length), highRest))]),
  ];
}

function digits(least: number, most: number): string {
  if (most === 0) return "";
  const count = least === most ? `{${most}}` : `{${least},${most}}`;
  return `[0-9]${count === "{1}" ? "" : count}`;
}

function group(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? "") : `(${parts.join("|")})`;
}
