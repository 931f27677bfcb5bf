/** Input and output of a command: those of the process, or of a test. */
export interface Terminal {
  /** Writes to standard output. Resolves when the reader accepts more data. */
  write(text: string | Uint8Array): Promise<void>;
  /** Writes progress, messages and errors to standard error: standard output may carry data. */
  log(text: string): void;
  /** Reads standard input in chunks. */
  input(): AsyncIterable<Uint8Array>;
  /** Whether standard error is a terminal: progress is then one line that is repainted. */
  readonly interactive: boolean;
  /** Characters in a line. */
  readonly columns: number;
  /** The working directory: relative paths on the command line start here. */
  readonly folder: string;
  /** Aborts at Ctrl-C, and when the reader of standard output has exited. */
  readonly signal: AbortSignal;
}
