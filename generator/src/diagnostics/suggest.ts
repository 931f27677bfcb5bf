/** The candidate that is most like a name, if any is like it: for "did you mean". Empty: none is. */
export function suggest(name: string, candidates: Iterable<string>): string {
  let best = "";
  let least = Math.max(2, Math.floor(name.length * 0.4)) + 1;
  for (const candidate of candidates) {
    // One more than `least`, so that what is cut off there is never taken for as near.
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), least + 1);
    // Not one letter is shared.
    if (distance >= Math.max(name.length, candidate.length)) continue;
    if (distance < least || (distance === least && best !== "" && candidate < best)) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), at most `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const at = (values: readonly number[], index: number) => values[index] ?? limit;
      let value = Math.min(at(row, j - 1) + 1, at(last, j) + 1, at(last, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, at(before, j - 2) + 1);
      row.push(value);
    }
    before = last;
    last = row;
  }
  return Math.min(last[b.length] ?? limit, limit);
}
