/**
 * Returns the index of the media type that an `accept` header prefers (RFC 9110, section 12.5.1), or -1 if it allows none. Among
 * types of equal quality, the one that the header names more precisely wins, then the earlier in the list. An empty header
 * allows everything.
 */
export function chooseType(header: string, types: readonly string[]): number {
  if (header.trim() === "") return 0;
  const ranges = readRanges(header.toLowerCase());
  let best = -1;
  let bestQuality = 0;
  let bestRank = -1;
  for (const [index, type] of types.entries()) {
    const { quality, rank } = rate(ranges, type);
    if (quality === 0 || quality < bestQuality || (quality === bestQuality && rank <= bestRank)) continue;
    best = index;
    bestQuality = quality;
    bestRank = rank;
  }
  return best;
}

/** Returns the quality of each range. The first of two equal ranges counts. */
function readRanges(header: string): ReadonlyMap<string, number> {
  const ranges = new Map<string, number>();
  for (const part of header.split(",")) {
    const [range = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    if (!ranges.has(range)) ranges.set(range, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  return ranges;
}

/** Returns the quality of the most specific range that matches a type. */
function rate(ranges: ReadonlyMap<string, number>, type: string): { quality: number; rank: number } {
  const candidates = [type, `${type.slice(0, type.indexOf("/"))}/*`, "*/*"];
  const found = candidates.findIndex((range) => ranges.has(range));
  return found < 0
    ? { quality: 0, rank: -1 }
    : { quality: ranges.get(candidates[found] as string) ?? 0, rank: candidates.length - found };
}
