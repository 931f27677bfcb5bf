/** A place in a proto file, 1-based. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where it ends, exclusive. */
  readonly endLine: number;
  readonly endColumn: number;
}

/** One thing that is wrong with a contract, and what to do about it. */
export interface Diagnostic {
  /** A code of the catalogue: `unknown-reference`. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** The file alone if the request carries no source info. */
  readonly location: Location | { readonly file: string };
  /** A word of the location that is meant in particular. */
  readonly focus: string | undefined;
  /** The field of an option whose value that word is, where it may be a value of others too. */
  readonly key?: string;
  readonly hint: string | undefined;
}
