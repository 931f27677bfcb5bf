import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { potterBin } from "../project.fixture.js";

/** How a command ended. */
export type Outcome = Pick<SpawnSyncReturns<string>, "status" | "signal" | "stdout" | "stderr">;

/** Runs the installed command where no file may be larger than a number of blocks of 512 bytes, as on a disk that is full. */
export function runWithSmallFiles(blocks: number, folder: string, ...args: readonly string[]): Outcome {
  // Without the trap the signal of the limit would end the process.
  const script = `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`;
  return spawnSync("sh", ["-c", script, "sh", process.execPath, potterBin, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: environment(),
  });
}

/** Runs the installed command in a process that is killed at the n-th change of a file below its folder, from 0. */
export function runUntilChange(at: number, folder: string, ...args: readonly string[]): Outcome {
  const file = join(folder, "..", "kill.mjs");
  writeFileSync(file, killAtChange);
  return spawnSync(process.execPath, ["--import", pathToFileURL(file).href, potterBin, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...environment(), KILL_AT: String(at) },
  });
}

/** Runs the installed command as a user who may read the project but not write to it. undefined: this machine has no such user. */
export function runAsStranger(folder: string, ...args: readonly string[]): Outcome | undefined {
  const nobody = 65_534;
  const asNobody = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : undefined;
  // buf writes there.
  const home = join(folder, "..", "home");
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o777);
  const env = { ...environment(), ...(asNobody && { HOME: home }) };
  const options = { cwd: folder, encoding: "utf8", env, ...asNobody } as const;
  if (asNobody !== undefined && spawnSync(process.execPath, [potterBin, "--version"], options).status !== 0) {
    process.stderr.write("*** SKIPPED: folders that cannot be written, since another user cannot run this checkout\n");
    return undefined;
  }
  return spawnSync(process.execPath, [potterBin, ...args], options);
}

/** Not on a build server: there no stub is inserted. */
function environment(): NodeJS.ProcessEnv {
  const { CI: _, ...env } = process.env;
  return env;
}

/** A write that is interrupted leaves half of the bytes. */
const killAtChange = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
let countdown = Number(process.env.KILL_AT);
const base = process.cwd() + "/";
const guard = (target, name) => {
  const original = target[name];
  target[name] = (...args) => {
    const isOwn = args.some((arg) => typeof arg === "string" && arg.startsWith(base));
    if (isOwn && countdown-- === 0) {
      if (/^writeFile/.test(name)) fs.writeSync(fs.openSync(args[0], args[2]?.flag ?? "w"), args[1].slice(0, args[1].length / 2));
      process.kill(process.pid, "SIGKILL");
    }
    return original.apply(target, args);
  };
};
for (const name of ["writeFileSync", "renameSync", "linkSync", "chmodSync", "rmSync", "rmdirSync"]) guard(fs, name);
for (const name of ["writeFile", "rename", "link", "chmod", "rm"]) guard(fs.promises, name);
syncBuiltinESMExports();
`;
