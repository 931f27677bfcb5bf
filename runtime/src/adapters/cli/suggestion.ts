/** ": did you mean x?" where a name of the list is like the one that was given; what there is, where none is. */
export function suggestion(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: distanceOf(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(name.length * 0.4)))
    .sort((a, b) => a.distance - b.distance);
  if (nearest !== undefined) return `: did you mean ${nearest.candidate}?`;
  return known.length === 0 ? "" : `: expected ${known.join(", ")}`;
}

/** Letters to put in, take out or replace (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const letter of a) {
    const above = row;
    row = [(above[0] ?? 0) + 1];
    for (let column = 0; column < b.length; column++) {
      const replaced = (above[column] ?? 0) + (letter === b[column] ? 0 : 1);
      row.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1));
    }
  }
  return row.at(-1) ?? 0;
}
