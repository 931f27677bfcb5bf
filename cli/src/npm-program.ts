/** How a program is started by `spawn`. */
export interface StartedBy {
  readonly program: string;
  readonly args: readonly string[];
  readonly shell: boolean;
}

/**
 * How a command line is started that may name a program of npm. On Windows such a program is a script, which only a shell starts: its
 * words are quoted for that, and slashes in the path of the program become those of Windows.
 */
export function npmProgram(command: readonly string[], platform: NodeJS.Platform = process.platform): StartedBy {
  const [program = "", ...args] = command;
  if (platform !== "win32") return { program, args, shell: false };
  return { program: quote(program.replaceAll("/", "\\")), args: args.map(quote), shell: true };
}

/** A word of a command line as the shell of Windows reads it. */
function quote(word: string): string {
  return word === "" || /[\s&|<>^();,=%!"]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word;
}
