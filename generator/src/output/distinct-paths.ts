/** The paths that a file may have: the short one, or the full one if another file has the same short one. */
export interface PathChoice {
  readonly short: string;
  readonly full: string;
}

/** Chooses distinct paths. Case is ignored, because some file systems do not distinguish it. */
export function distinctPaths(choices: readonly PathChoice[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { short } of choices) counts.set(short.toLowerCase(), (counts.get(short.toLowerCase()) ?? 0) + 1);
  return choices.map(({ short, full }) => (counts.get(short.toLowerCase()) === 1 ? short : full));
}
