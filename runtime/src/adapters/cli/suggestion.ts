/** ": did you mean x?" if a known name is similar to the given one, else ": expected …" with all known names. */
export function suggestion(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(name.length * 0.4)))
    .sort((a, b) => a.distance - b.distance);
  if (nearest !== undefined) return `: did you mean ${nearest.candidate}?`;
  return known.length === 0 ? "" : `: expected ${known.join(", ")}`;
}

/** The Levenshtein distance: the number of characters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const character of a) {
    const above = row;
    row = [(above[0] ?? 0) + 1];
    for (let column = 0; column < b.length; column++) {
      const replaced = (above[column] ?? 0) + (character === b[column] ? 0 : 1);
      row.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1));
    }
  }
  return row.at(-1) ?? 0;
}
