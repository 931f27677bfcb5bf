/** A place in a proto file, 1-based; `length` characters on that line are meant. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** One thing that is wrong with the user's contract, and what to do about it. */
export interface Diagnostic {
  /** A code of the catalogue: `unknown-reference`. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** Absent only if the request carries no source info. */
  readonly location: Location | undefined;
  readonly hint: string | undefined;
}
