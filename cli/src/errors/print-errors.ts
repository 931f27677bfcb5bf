import { type Diagnostic, formatPretty } from "@potter/generator/tooling";
import { CliError } from "../cli-error.js";
import { CompileError, type CompileProblem } from "../contract/index.js";
import { ContractErrors } from "../plugins/index.js";
import { createPlaces, locate } from "./places.js";

/**
 * Prints why nothing was written: diagnostics with excerpts, or as one JSON object. Returns the exit code; throws what is no error of
 * a contract and not to be printed as JSON.
 */
export function printErrors(error: unknown, folder: string, json: boolean): number {
  const places = createPlaces(folder);
  if (error instanceof ContractErrors) {
    const located = locate(error.diagnostics, places);
    if (json) printJson(located, undefined);
    else console.error(formatPretty(located, places.textOf));
  } else if (error instanceof CompileError) {
    const diagnostics = error.problems.map(toDiagnostic);
    if (json) printJson(diagnostics, error.message);
    else {
      if (diagnostics.length > 0) console.error(formatPretty(diagnostics, places.textOf));
      if (error.message !== "") console.error(`potter: buf cannot compile the contract:\n${error.message}`);
    }
  } else if (json && error instanceof CliError) {
    printJson([], error.message);
    return error.exitCode;
  } else {
    throw error;
  }
  if (!json) console.error("potter: nothing was written");
  return 1;
}

/** The code of what the compiler reports. It has no page: the message is all that is known. */
const code = "compile";

function toDiagnostic({ file, line, column, endLine, endColumn, message }: CompileProblem): Diagnostic {
  const location = line === 0 ? { file } : { file, line, column, endLine, endColumn };
  return { code, severity: "error", message, location, focus: undefined, hint: undefined };
}

function printJson(diagnostics: readonly Diagnostic[], message: string | undefined): void {
  console.log(JSON.stringify({ ok: false, ...(message ? { message } : {}), diagnostics }, undefined, 2));
}
