import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { type Diagnostic, Diagnostics } from "../diagnostics/index.js";
import type { GeneratedFile } from "../output/index.js";
import { defaultsOf, type Target } from "../targets/index.js";
import { analyse } from "./analyse.js";

/** A target with its options. Those that are left out have their defaults. */
export interface ChosenTarget {
  readonly target: Target;
  readonly options: { readonly [name: string]: string };
}

/** What a run gives: files, or the reasons why there are none. */
export interface GenerationResult {
  readonly files: readonly GeneratedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** From a request to files: pure, and the same bytes for the same contract whatever the order of its files. */
export function generate(
  request: CodeGeneratorRequest,
  targets: readonly ChosenTarget[],
  generator: string,
): GenerationResult {
  const { model, diagnostics } = analyse(request);
  if (diagnostics.some(({ severity }) => severity === "error")) return { files: [], diagnostics };
  const told = new Diagnostics();
  const files = targets.flatMap(({ target, options }) =>
    target.emit(model, { ...defaultsOf(target.options), ...options }, { generator, diagnostics: told }),
  );
  const all = [...diagnostics, ...told.sorted];
  if (told.sorted.some(({ severity }) => severity === "error")) return { files: [], diagnostics: all };
  return { files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)), diagnostics: all };
}
