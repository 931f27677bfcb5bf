import { spawn } from "node:child_process";
import { CliError } from "../cli-error.js";
import { pathOf } from "./bin-path.js";
import { findBuf } from "./find-buf.js";

/** What a program has written, and how it ended. */
export interface Ended {
  /** null: a signal ended it. */
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** buf cannot be started. */
export class BufNotStarted extends CliError {
  /** What has happened, without the remedy. */
  readonly reason: string;
  readonly remedy = "npm install --save-dev @bufbuild/buf";

  constructor(reason: string) {
    super(`${reason}; npm install --save-dev @bufbuild/buf`);
    this.reason = reason;
  }
}

/**
 * Runs the buf of a project in its folder, with the programs of `node_modules/.bin` on its path. Throws BufNotStarted if buf cannot
 * be started. `env` is added to the environment.
 */
export async function runBuf(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const buf = findBuf(folder);
  try {
    return await run(buf.command, [...buf.args, ...args], folder, env);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "it is not installed" : message;
    throw new BufNotStarted(`cannot start buf, which compiles the contract: ${reason}`);
  }
}

/** Runs a program to its end. Rejects if it cannot be started. */
function run(
  command: string,
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, PATH: pathOf(folder), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.once("error", reject);
    child.once("close", (status) => {
      resolve({ status, stdout: Buffer.concat(out), stderr: Buffer.concat(errors).toString("utf8") });
    });
  });
}
