/** A problem that buf reports, with its place. */
export interface CompileProblem {
  /** The path of the proto file, from the folder in which buf ran. */
  readonly file: string;
  /** From 1; 0: unknown. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  /** How to fix it. undefined: the message is all that is known. */
  readonly hint: string | undefined;
}

/** Reads what buf writes with `--error-format json`: a JSON object in each line. Other lines are `rest`. */
export function readProblems(text: string): {
  readonly problems: readonly CompileProblem[];
  readonly rest: string;
} {
  const problems: CompileProblem[] = [];
  const rest: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const problem = readProblem(line);
    if (problem !== undefined) problems.push(problem);
    else if (line.trim() !== "") rest.push(line);
  }
  return { problems, rest: rest.join("\n") };
}

function readProblem(line: string): CompileProblem | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const { path, start_line, start_column, end_line, end_column, message } = JSON.parse(
      line,
    ) as Partial<BufAnnotation>;
    if (typeof message !== "string") return undefined;
    const first = { file: path ?? "", line: start_line ?? 0, column: start_column ?? 0, message };
    return { ...first, endLine: end_line ?? first.line, endColumn: end_column ?? first.column, hint: undefined };
  } catch {
    return undefined;
  }
}

interface BufAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly start_column: number;
  readonly end_line: number;
  readonly end_column: number;
  readonly message: string;
}
