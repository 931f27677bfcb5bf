import { readFileSync, writeSync } from "node:fs";
import { RequestError } from "../descriptors/index.js";
import { type Plugin, runPlugin } from "./run-plugin.js";
import { findText } from "./source-text.js";

/** Runs a plugin as a process: reads the request from standard input and writes the response to standard output. */
export function launch(plugin: Plugin): void {
  try {
    const { response, warnings } = runPlugin(plugin, readFileSync(0), findText, (path) => readFileSync(path, "utf8"));
    if (warnings !== "") process.stderr.write(`${warnings}\n`);
    writeAll(response);
  } catch (error) {
    process.stderr.write(`${plugin.name}: ${describe(error)}\n`);
    process.exitCode = 1;
  }
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
