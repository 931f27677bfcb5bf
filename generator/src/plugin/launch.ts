import { readFileSync, statSync, writeSync } from "node:fs";
import { RequestError } from "../descriptors/index.js";
import { createTranspiler } from "../transpiler/index.js";
import { type Plugin, runPlugin } from "./run-plugin.js";
import { findText } from "./source-text.js";

/** Runs a plugin as a process: reads the request from standard input and writes the response to standard output. */
export function launch(plugin: Plugin): void {
  try {
    const readFile = (path: string): string => readFileSync(path, "utf8");
    const { response, warnings } = runPlugin(plugin, readInput(), {
      readText: findText,
      readFile,
      transpile: createTranspiler(process.cwd()),
    });
    if (warnings !== "") process.stderr.write(`${warnings}\n`);
    writeAll(response);
  } catch (error) {
    process.stderr.write(`${plugin.name}: ${describe(error)}\n`);
    process.exitCode = 1;
  }
}

function readInput(): Uint8Array {
  const input = readFileSync(0);
  // While its last stat was that of a pipe, Node's realpathSync stops at folders that it knows. Modules behind symbolic links, as
  // pnpm makes them, would not find their dependencies.
  statSync(".");
  return input;
}

function describe(error: unknown): string {
  if (error instanceof RequestError) return error.message;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const advice = "please report it with the output of POTTER_DEBUG=1";
  return process.env["POTTER_DEBUG"] ? `internal error: ${stack}` : `internal error, ${advice}: ${message}`;
}

/** Writes all bytes, also to a non-blocking pipe that accepts only a part at a time. */
function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}
