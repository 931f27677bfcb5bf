import type { CommandHelp, HelpEntry } from "./command.js";

const cwd: HelpEntry = { name: "--cwd <folder>", summary: "run in this folder instead of the current one" };

/**
 * Prints the help of `potter` in lines of at most `columns` characters. `services` are the groups of commands that the installed
 * runtime offers, or a sentence that explains why there are none.
 */
export function printHelp(own: readonly HelpEntry[], services: readonly HelpEntry[] | string, columns: number): string {
  const options = [
    { name: "-h, --help", summary: "print this help, or the help of a command" },
    { name: "-v, --version", summary: "print the version of @potter/cli" },
    cwd,
  ];
  const groups = typeof services === "string" ? [] : services;
  const width = Math.max(...[...own, ...groups, ...options].map(({ name }) => name.length));
  const list = (entries: readonly HelpEntry[]) => entries.flatMap((entry) => printEntry(entry, width, columns));
  return [
    "potter <command> [options]",
    "",
    ...wrapText("Maintains contracts, generates code, and operates services that run on @potter/runtime.", columns),
    "",
    "Commands:",
    ...list(own),
    "",
    "Commands for services:",
    ...(typeof services === "string" ? wrapText(services, columns - 2).map((line) => `  ${line}`) : list(groups)),
    "",
    "Options:",
    ...list(options),
    "",
    ...wrapText("Run potter <command> --help for the options of a command.", columns),
  ].join("\n");
}

/** Prints the help of a command of this package in lines of at most `columns` characters. */
export function printCommandHelp({ usage, purpose, options, examples = [] }: CommandHelp, columns: number): string {
  const all = [...options, cwd, { name: "-h, --help", summary: "print this help" }];
  const width = Math.max(...all.map(({ name }) => name.length));
  return [
    usage,
    "",
    ...wrapText(purpose, columns),
    "",
    "Options:",
    ...all.flatMap((option) => printEntry(option, width, columns)),
    ...(examples.length > 0 ? ["", "Examples:"] : []),
    ...examples.flatMap(({ name, summary }) => [
      `  ${name}`,
      ...wrapText(summary, columns - 6).map((line) => `      ${line}`),
    ]),
  ].join("\n");
}

/** Prints a term and its explanation in two columns. */
function printEntry({ name, summary }: HelpEntry, width: number, columns: number): readonly string[] {
  const indent = width + 4;
  return wrapText(summary, Math.max(20, columns - indent)).map((line, at) =>
    at === 0 ? `  ${name.padEnd(width)}  ${line}` : `${" ".repeat(indent)}${line}`,
  );
}

/** Breaks a text between words into lines of at most `width` characters. A longer word gets a line of its own. */
function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
