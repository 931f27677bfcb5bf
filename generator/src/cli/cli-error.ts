/** What went wrong, in words for whoever typed the command: printed without a stack. */
export class CliError extends Error {
  readonly exitCode: 1 | 2;

  /** 1: it failed; 2: it was not typed as it should be. */
  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
