/** Where a command reads and writes: the process, or a test. */
export interface Terminal {
  /** Writes to standard output; resolves when the other side can take more. */
  write(text: string | Uint8Array): Promise<void>;
  /** Writes to standard error, where progress and errors belong: standard output may carry data. */
  tell(text: string): void;
  /** Standard input, in pieces. */
  input(): AsyncIterable<Uint8Array>;
  /** Whether a person looks at standard error: progress is then one line that changes. */
  readonly interactive: boolean;
  /** Letters in a line. */
  readonly columns: number;
  /** Paths of the command are within this folder. */
  readonly folder: string;
  /** Aborts at Ctrl-C, and when nobody reads standard output any more. */
  readonly signal: AbortSignal;
}
