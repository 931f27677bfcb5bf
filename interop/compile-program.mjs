// Generates the code of a folder's protos with our plugins, and compiles its TypeScript into dist/.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url));

/**
 * Exits with the status of the tool that fails.
 *
 * @param {string} folder
 */
export function compileProgram(folder) {
  run("buf", "generate");
  run("tsc", "-p", ".");

  /** @param {string} program @param {readonly string[]} words */
  function run(program, ...words) {
    const { status } = spawnSync(bin + program, words, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
    if (status !== 0) process.exit(status ?? 1);
  }
}
