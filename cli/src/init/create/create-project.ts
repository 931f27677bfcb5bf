import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../../cli-error.js";
import { createWhole } from "../../files/index.js";
import type { Choices, PackageManager } from "../choices/index.js";
import { projectFiles } from "./project-files.js";

/** A project to create. */
export interface NewProject {
  /** Its absolute path. */
  readonly folder: string;
  readonly name: string;
  readonly choices: Choices;
  readonly manager: PackageManager;
}

/** What was done, in paths from the folder of the project. */
export interface CreatedProject {
  readonly written: readonly string[];
  /** Files that were there, and are left as they are. */
  readonly kept: readonly string[];
}

/** Writes the files of a new project. A file that exists is kept. Throws a CliError with the file that cannot be written. */
export async function createProject({ folder, name, choices, manager }: NewProject): Promise<CreatedProject> {
  const written: string[] = [];
  const kept: string[] = [];
  // What makes a folder a project of buf comes last, so that another run after an interrupted one creates what is missing.
  const last = ["buf.yaml", "buf.gen.yaml"];
  const files = [...projectFiles(name, choices, manager)].sort(([a], [b]) => last.indexOf(a) - last.indexOf(b));
  for (const [path, text] of files) {
    ((await createWhole(join(folder, path), text)) ? written : kept).push(path);
  }
  return { written, kept };
}

/** What is in a folder, without what git keeps there. A folder that does not exist is empty. Throws a CliError if it is a file. */
export function readEntries(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name !== ".git");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    if (code === "ENOTDIR") throw new CliError(`${folder} is a file: name a folder`, 2);
    throw new CliError(`cannot read ${folder}: ${message}`);
  }
}
