// Input and output of commands: the terminal itself, files, lines, tables, progress. Knows no event and no command.
export { printCount, printCountOf, printSpan } from "./format.js";
export { openInput } from "./input.js";
export { type Line, readLines } from "./lines.js";
export { type Output, openOutput } from "./output.js";
export { printable, withoutSecrets } from "./printable.js";
export { processTerminal } from "./process-terminal.js";
export { Progress } from "./progress.js";
export { printTable } from "./table.js";
export type { Terminal } from "./terminal.js";
export { wrapText } from "./wrap-text.js";
