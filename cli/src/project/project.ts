import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../cli-error.js";
import { readTemplate } from "./read-template.js";
import type { Template } from "./template.js";

/** A project: a folder with a buf.gen.yaml. */
export interface Project {
  /** The absolute path of the folder in which buf runs. */
  readonly folder: string;
  readonly template: Template;
}

/** Opens a project. Throws a CliError that names the place if the folder or the template cannot be used. */
export function openProject(folder: string, file = "buf.gen.yaml"): Project {
  return { folder, template: readTemplate(file, read(folder, file)) };
}

function read(folder: string, file: string): string {
  try {
    return readFileSync(resolve(folder, file), "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw new CliError(`cannot read ${file} in ${folder}: ${message}`);
    throw new CliError(
      `${folder} has no ${file}, which says what to generate: run potter in the folder of your project, or name it by --cwd`,
      2,
    );
  }
}
