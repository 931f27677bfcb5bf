/** Returns the path of a program. Builds it if this version is not in the cache. Throws an error that says why there is none. */
export function findGoProgram(name: string): string;

/** Reports prominently that a program is missing. */
export function reportMissing(name: string, error: unknown): void;
