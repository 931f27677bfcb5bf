import { spawnSync } from "node:child_process";
import { CliError } from "../cli-error.js";
import { npmProgram } from "../npm-program.js";
import { runGit } from "../run-git.js";
import type { PackageManager } from "./choices/index.js";

/** Creates a git repository, unless the folder is in one. Resolves to what was done. Throws a CliError without git. */
export function createRepository(folder: string): string {
  if (runGit(["rev-parse", "--is-inside-work-tree"], folder).status === 0) {
    return "the folder is in a git repository already: none was created";
  }
  const { status, error, stderr } = runGit(["init", "--quiet"], folder);
  if (status !== 0) throw new CliError(`git init failed: ${error?.message ?? stderr.toString("utf8").trim()}`);
  return "created a git repository";
}

/** Installs the packages of a project, with the output of the package manager. Throws a CliError if that fails. */
export function install(folder: string, { name }: PackageManager): void {
  const { program, args, shell } = npmProgram([name, "install"]);
  const { status, error } = spawnSync(program, args, { cwd: folder, stdio: "inherit", shell });
  if (status !== 0) {
    throw new CliError(
      `${name} install failed${error ? `: ${error.message}` : ""}. The files of the project are written`,
    );
  }
}
