import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { type Diagnostic, Diagnostics } from "../diagnostics/index.js";
import type { GeneratedFile } from "../output/index.js";
import { defaultsOf, readForms, type Target } from "../targets/index.js";
import { type Analysis, analyse } from "./analyse.js";
import { refuseToTranspile, type Transpile, toForms } from "./module-forms.js";

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
 * request lists its files. All diagnostics are collected before it stops. `transpile` is called if options ask for JavaScript or
 * declarations; without it, an OptionError is thrown.
 */
export function generate(
  request: CodeGeneratorRequest,
  targets: readonly ChosenTarget[],
  generator: string,
  transpile?: Transpile,
): GenerationResult {
  return emit(analyse(request), targets, generator, transpile);
}

/**
 * Generates the files of all given targets from a contract that has been analysed, which several plugins may share. A pure function.
 * Generates none if the contract has errors. `transpile`: as with `generate`. `only`: the proto files of which the output is needed;
 * what depends on the whole contract is generated in any case.
 */
export function emit(
  { model, diagnostics }: Analysis,
  targets: readonly ChosenTarget[],
  generator: string,
  transpile: Transpile = refuseToTranspile,
  only?: ReadonlySet<string>,
): GenerationResult {
  if (diagnostics.some(({ severity }) => severity === "error")) return { files: [], diagnostics };
  const emitted = new Diagnostics();
  const written = targets.map(({ target, options }) => {
    const values = { ...defaultsOf(target.options), ...options };
    const forms = readForms(values);
    return { files: target.emit(model, values, { generator, diagnostics: emitted, only }), forms };
  });
  const all = [...diagnostics, ...emitted.sorted];
  if (emitted.sorted.some(({ severity }) => severity === "error")) return { files: [], diagnostics: all };
  const files = toForms(written, transpile);
  return { files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)), diagnostics: all };
}
