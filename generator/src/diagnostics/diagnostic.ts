/** A range in a proto file; lines and columns count from 1. */
export interface Location {
  /** Path of the proto file, as imports name it: `shop/orders/v1/orders.proto`. */
  readonly file: string;
  /** The line of its start. */
  readonly line: number;
  /** The column of its start. */
  readonly column: number;
  /** The end of the range, exclusive. */
  readonly endLine: number;
  /** The column of its end, exclusive. */
  readonly endColumn: number;
}

/** An error or a warning about a contract, with its location and a hint how to fix it. */
export interface Diagnostic {
  /** The code, which names a page in docs/diagnostics: `unknown-reference`. */
  readonly code: string;
  /** Whether it stops generation: only an error does. */
  readonly severity: "error" | "warning";
  /** What is wrong, as a sentence. */
  readonly message: string;
  /** The file alone if the request has no source info. */
  readonly location: Location | { readonly file: string };
  /** The word within the location that the diagnostic is about. */
  readonly focus: string | undefined;
  /** The option field whose value is the focus, where other fields may have the same value. */
  readonly key?: string;
  /** How to fix it; undefined if the message says it. */
  readonly hint: string | undefined;
}
