import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Beside what is installed here, so that clients find it; git does not see it. */
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
  // The declarations of the language are nobody's here to tool.
  skipDefaultLibCheck: true,
  noEmit: true,
};

/** Gives a new folder to write a client to, then what the compiler says of it, declarations of libraries included. */
export async function compileClient(write: (folder: string) => Promise<void>): Promise<readonly string[]> {
  mkdirSync(gen, { recursive: true });
  const folder = mkdtempSync(join(gen, "client-"));
  try {
    await write(folder);
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["."] }));
    const output = await runCompiler(folder);
    return output
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.replaceAll(`${folder}/`, ""));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runCompiler(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsc, "-p", "tsconfig.json", "--pretty", "false"], { cwd: folder });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("error", reject);
    child.once("close", (code) => resolve(code === 0 ? "" : output || `tsc ended with ${code}`));
  });
}
