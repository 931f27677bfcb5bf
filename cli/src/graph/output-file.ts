import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { CliError } from "../cli-error.js";
import { createFile, replaceFile, type WriteResult } from "../files/index.js";

/** How a graph is printed. */
export type Format = "mermaid" | "json";

/** The lines between which the diagram is in a Markdown file. */
export const markers = { begin: "<!-- potter graph -->", end: "<!-- end of potter graph -->" } as const;

const formats: Readonly<Record<string, Format>> = {
  ".md": "mermaid",
  ".mmd": "mermaid",
  ".mermaid": "mermaid",
  ".json": "json",
};

/** The format of a file by its extension. Throws a CliError for others: a file of another kind is hardly meant to be replaced. */
export function formatOf(path: string, chosen: Format | undefined): Format {
  const format = formats[extname(path).toLowerCase()];
  if (format === undefined) {
    throw new CliError(`--out ${path}: expected a file that ends in ${Object.keys(formats).join(", ")}`, 2);
  }
  if (chosen !== undefined && chosen !== format) throw new CliError(`--out ${path} cannot have --format ${chosen}`, 2);
  return format;
}

/** A file with a graph: what it has, and what it should have. */
export interface OutputFile {
  readonly isUpToDate: boolean;
  /** Writes what it should have, whole or not at all. */
  write(): Promise<WriteResult>;
}

/** Puts a printed graph into a file in memory: between the markers of a Markdown file, which are added to a new one. */
export function openOutput(folder: string, name: string, printed: string): OutputFile {
  const path = resolve(folder, name);
  const bytes = read(path, name);
  const before = bytes?.toString("utf8");
  const text = extname(name).toLowerCase() === ".md" ? putBetweenMarkers(before, printed, name) : printed;
  return {
    isUpToDate: text === before,
    write: () => (bytes === undefined ? createFile(path, text) : replaceFile(path, bytes, Buffer.from(text))),
  };
}

function read(path: string, name: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new CliError(`cannot read ${name}: ${message}`);
  }
}

function putBetweenMarkers(before: string | undefined, printed: string, name: string): string {
  const { begin, end } = markers;
  const block = `${begin}\n\n\`\`\`mermaid\n${printed}\`\`\`\n\n${end}`;
  if (before === undefined) return `${block}\n`;
  const from = before.indexOf(begin);
  const to = before.indexOf(end, from + begin.length);
  if (!before.includes(begin) && !before.includes(end)) {
    throw new CliError(
      `${name} does not say where the diagram belongs: add these two lines there, between which it is written:\n\n${begin}\n${end}`,
    );
  }
  if (from < 0 || to < 0 || before.includes(begin, from + 1)) {
    throw new CliError(
      `${name}: expected one line ${begin} and after it one line ${end}, between which the diagram is: remove the other ones`,
    );
  }
  const isWindows = before.includes("\r\n");
  return before.slice(0, from) + (isWindows ? block.replaceAll("\n", "\r\n") : block) + before.slice(to + end.length);
}
