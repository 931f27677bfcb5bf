import { type Diagnostic, formatPretty } from "@potter/generator/tooling";
import { CliError } from "../cli-error.js";
import { CompileError, type CompileProblem } from "../contract/index.js";
import { ContractErrors } from "../plugins/index.js";
import { createPlaces, locate } from "./places.js";

/** Why nothing was written. */
export interface Failure {
  /** Errors of the contract, with the paths of their files. */
  readonly diagnostics: readonly Diagnostic[];
  /** What no diagnostic says; may be empty. */
  readonly message: string;
  /** All of it for people, with excerpts. */
  readonly text: string;
}

/** Reads the failure of a run. undefined: the error is a fault of this program. */
export function readFailure(error: unknown, folder: string): Failure | undefined {
  const places = createPlaces(folder);
  if (error instanceof ContractErrors) {
    const diagnostics = locate(error.diagnostics, places);
    return { diagnostics, message: "", text: formatPretty(diagnostics, places.textOf) };
  }
  if (error instanceof CompileError) {
    const { message } = error;
    const diagnostics = error.problems.map(toDiagnostic);
    const parts = [
      ...(diagnostics.length > 0 ? [formatPretty(diagnostics, places.textOf)] : []),
      ...(message === "" ? [] : [`potter: buf cannot compile the contract:\n${message}`]),
    ];
    return { diagnostics, message, text: parts.join("\n") };
  }
  if (error instanceof CliError) return { diagnostics: [], message: error.message, text: `potter: ${error.message}` };
  return undefined;
}

/**
 * Prints why nothing was written: diagnostics with excerpts, or as one JSON object. Returns the exit code; throws what is no error of
 * a contract and not to be printed as JSON.
 */
export function printErrors(error: unknown, folder: string, json: boolean): number {
  const failure = readFailure(error, folder);
  if (failure === undefined || (error instanceof CliError && !json)) throw error;
  if (json) printJson(failure.diagnostics, failure.message);
  else {
    if (failure.text !== "") console.error(failure.text);
    console.error("potter: nothing was written");
  }
  return error instanceof CliError ? error.exitCode : 1;
}

/** The code of what the compiler reports. */
const code = "compile";

function toDiagnostic({ file, line, column, endLine, endColumn, message, hint }: CompileProblem): Diagnostic {
  const location = line === 0 ? { file } : { file, line, column, endLine, endColumn };
  return { code, severity: "error", message, location, focus: undefined, hint };
}

function printJson(diagnostics: readonly Diagnostic[], message: string | undefined): void {
  console.log(JSON.stringify({ ok: false, ...(message ? { message } : {}), diagnostics }, undefined, 2));
}
