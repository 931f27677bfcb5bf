import { type CommandHelp, commonOptions, defineHelp, type HelpEntry, listEntries } from "./arguments/index.js";

/** What `potter` accepts before the command. */
export const rootHelp = defineHelp({
  usage: "potter <command> [options]",
  purpose: "Maintains contracts, generates code, and operates services that run on @potter/runtime.",
  words: {},
  options: {
    help: { ...commonOptions.help, summary: "print this help, or the help of a command" },
    version: { kind: "flag", short: "v", summary: "print the version of @potter/cli" },
    cwd: commonOptions.cwd,
  },
  examples: [],
});

/**
 * Prints the help of `potter` in lines of at most `columns` characters. `services` are the groups of commands that the installed
 * runtime offers, or a sentence that explains why there are none.
 */
export function printHelp(own: readonly HelpEntry[], services: readonly HelpEntry[] | string, columns: number): string {
  const options = listEntries(rootHelp.options);
  const groups = typeof services === "string" ? [] : services;
  const width = Math.max(...[...own, ...groups, ...options].map(({ name }) => name.length));
  const list = (entries: readonly HelpEntry[]) => entries.flatMap((entry) => printEntry(entry, width, columns));
  return [
    rootHelp.usage,
    "",
    ...wrapText(rootHelp.purpose, columns),
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
export function printCommandHelp({ usage, purpose, options, examples }: CommandHelp, columns: number): string {
  const all = listEntries({ ...options, ...commonOptions });
  const width = Math.max(...all.map(({ name }) => name.length));
  return [
    usage,
    "",
    ...wrapText(purpose, columns),
    "",
    "Options:",
    ...all.flatMap((option) => printEntry(option, width, columns)),
    "",
    "Examples:",
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
