/** An error of a command that is printed as its message, without a stack trace. */
export class CliError extends Error {
  readonly exitCode: 1 | 2 | 3;

  /** Exit code 1: the command failed; 2: the command line is invalid. 3: contracts cannot be compared. */
  constructor(message: string, exitCode: 1 | 2 | 3 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
