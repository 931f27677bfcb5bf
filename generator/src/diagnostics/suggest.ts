/** Returns the candidate that is most similar to a name, for "did you mean". Returns "" if none is similar. */
export function suggest(name: string, candidates: Iterable<string>): string {
  let best = "";
  let least = Math.max(2, Math.floor(name.length * 0.4)) + 1;
  for (const candidate of candidates) {
    // The limit is one more than `least`, so that a distance cut off at the limit never counts as equal.
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), least + 1);
    // The names share no letter.
    if (distance >= Math.max(name.length, candidate.length)) continue;
    if (distance < least || (distance === least && best !== "" && candidate < best)) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** The optimal string alignment distance (insertions, deletions, replacements, transpositions), at most `limit`. */
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
