import { spawn } from "node:child_process";
import { pathOf } from "../buf/index.js";
import { CliError } from "../cli-error.js";
import { npmProgram } from "../npm-program.js";
import type { PluginEntry } from "../project/index.js";
import { packageNameOf } from "./find-package.js";

/** Runs a local plugin as a process: writes the request to its standard input, and resolves to what it writes to its output. */
export function runProcess(entry: PluginEntry, request: Uint8Array, folder: string): Promise<Uint8Array> {
  const command = entry.command ?? [];
  const { program, args, shell } = npmProgram(command);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, PATH: pathOf(folder) },
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
      shell,
    });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    // A plugin that ends early reads no further; its exit code says why.
    child.stdin.on("error", () => {});
    child.stdin.end(request);
    child.once("error", (error) => reject(new CliError(explain(entry, command[0] ?? "", error))));
    child.once("close", (status, signal) => {
      const text = Buffer.concat(errors).toString("utf8").trimEnd();
      if (status === 0) {
        if (text !== "") console.error(text);
        resolve(Buffer.concat(out));
        return;
      }
      const end = signal === null ? `exit code ${status}` : `signal ${signal}`;
      reject(new CliError(`${entry.place}: ${entry.name} failed with ${end}${text === "" ? "" : `:\n${text}`}`));
    });
  });
}

function explain({ place, name }: PluginEntry, command: string, error: NodeJS.ErrnoException): string {
  if (error.code !== "ENOENT") return `${place}: cannot start ${name}: ${error.message}`;
  const remedy = /[/\\]/.test(command)
    ? "there is no such file"
    : `npm install --save-dev ${packageNameOf(command)}, or put the program on the PATH`;
  return `${place}: cannot find the plugin ${name}: ${remedy}`;
}
