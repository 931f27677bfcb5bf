/** Where a file goes: by a short name, or by a full one where another has the short one too. */
export interface PathChoice {
  readonly short: string;
  readonly full: string;
}

/** Paths of files, each once: file systems may take two names for one that differ only in the case of letters. */
export function distinctPaths(choices: readonly PathChoice[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { short } of choices) counts.set(short.toLowerCase(), (counts.get(short.toLowerCase()) ?? 0) + 1);
  return choices.map(({ short, full }) => (counts.get(short.toLowerCase()) === 1 ? short : full));
}
