/** A range in a proto file; lines and columns count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The end of the range, exclusive. */
  readonly endLine: number;
  readonly endColumn: number;
}

/** An error or a warning about a contract, with its location and a hint how to fix it. */
export interface Diagnostic {
  /** The code, which names a page in docs/diagnostics: `unknown-reference`. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** The file alone if the request has no source info. */
  readonly location: Location | { readonly file: string };
  /** The word within the location that the diagnostic is about. */
  readonly focus: string | undefined;
  /** The option field whose value is the focus, where other fields may have the same value. */
  readonly key?: string;
  readonly hint: string | undefined;
}
