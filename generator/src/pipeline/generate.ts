import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { type Diagnostic, Diagnostics } from "../diagnostics/index.js";
import type { GeneratedFile } from "../output/index.js";
import { defaultsOf, type Target } from "../targets/index.js";
import { type Analysis, analyse } from "./analyse.js";

/** A target with its options. Omitted options have their defaults. */
export interface ChosenTarget {
  /** The kind of output. */
  readonly target: Target;
  /** Values of its plugin options, by name. */
  readonly options: { readonly [name: string]: string };
}

/** The result of a run: files, or none if a diagnostic is an error. */
export interface GenerationResult {
  /** The generated files of all targets. */
  readonly files: readonly GeneratedFile[];
  /** Errors and warnings, by location. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Generates the files of all given targets. A pure function: the same contract results in the same bytes, in whatever order the
 * request lists its files. All diagnostics are collected before it stops.
 */
export function generate(
  request: CodeGeneratorRequest,
  targets: readonly ChosenTarget[],
  generator: string,
): GenerationResult {
  return emit(analyse(request), targets, generator);
}

/**
 * Generates the files of all given targets from a contract that has been analysed, which several plugins may share. A pure function.
 * Generates none if the contract has errors.
 */
export function emit(
  { model, diagnostics }: Analysis,
  targets: readonly ChosenTarget[],
  generator: string,
): GenerationResult {
  if (diagnostics.some(({ severity }) => severity === "error")) return { files: [], diagnostics };
  const emitted = new Diagnostics();
  const files = targets.flatMap(({ target, options }) =>
    target.emit(model, { ...defaultsOf(target.options), ...options }, { generator, diagnostics: emitted }),
  );
  const all = [...diagnostics, ...emitted.sorted];
  if (emitted.sorted.some(({ severity }) => severity === "error")) return { files: [], diagnostics: all };
  return { files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)), diagnostics: all };
}
