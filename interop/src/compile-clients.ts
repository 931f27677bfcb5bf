import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Inside this package, so that clients resolve the packages installed here; ignored by git. */
const gen = fileURLToPath(new URL("../gen/", import.meta.url));
const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

const compilerOptions = {
  target: "es2023",
  lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
  module: "esnext",
  moduleResolution: "bundler",
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  // The declarations of the language itself are not under test.
  skipDefaultLibCheck: true,
  noEmit: true,
};

/** Writes a client to an empty folder. */
export type WriteClient = (folder: string) => Promise<void>;

/**
 * Writes clients, each to a folder of its own, and compiles them together: the compiler reads its own declarations once.
 * Returns the errors of each client, those of library declarations included. A writer that throws reports its error.
 */
export async function compileClients(writers: readonly WriteClient[]): Promise<readonly (readonly string[])[]> {
  mkdirSync(gen, { recursive: true });
  const folder = mkdtempSync(join(gen, "clients-"));
  const problems = writers.map((): string[] => []);
  try {
    for (const [at, write] of writers.entries()) {
      const client = join(folder, `${at}`);
      mkdirSync(client);
      await write(client).catch((error: unknown) => problems[at]?.push(String(error)));
    }
    // A syntax error in one client keeps the compiler from checking types in all: compile the others again.
    for (let left = withoutProblems(problems); left.length > 0; ) {
      await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: left.map(String) }));
      addProblems(problems, await runCompiler(folder), left);
      const correct = withoutProblems(problems);
      if (correct.length === left.length) break;
      left = correct;
    }
    return problems;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function withoutProblems(problems: readonly (readonly string[])[]): readonly number[] {
  return problems.flatMap((of, at) => (of.length === 0 ? [at] : []));
}

/** Sorts the compiler's lines by the client they are about; a line about none counts for all that were compiled. */
function addProblems(problems: readonly string[][], output: string, compiled: readonly number[]): void {
  let about = compiled;
  for (const line of output.split("\n").filter((text) => text !== "")) {
    const [, client] = /^(\d+)\//.exec(line) ?? [];
    // Lines that begin with blanks explain the one before.
    if (client !== undefined) about = [Number(client)];
    else if (!line.startsWith(" ")) about = compiled;
    for (const at of about) problems[at]?.push(line.replace(/^\d+\//, ""));
  }
}

function runCompiler(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsc, "-p", "tsconfig.json", "--pretty", "false"], { cwd: folder });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("error", reject);
    child.once("close", (code) => resolve(code === 0 ? "" : output || `tsc exited with ${code}`));
  });
}
