import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { readSource, type Source } from "../descriptors/index.js";
import { type Diagnostic, Diagnostics } from "../diagnostics/index.js";
import { replaceLegacyOptions } from "../legacy/index.js";
import { buildModel, type Model } from "../model/index.js";
import { rules } from "../rules/index.js";

/** The model of a contract, and its errors and warnings. */
export interface Analysis {
  /** The model of the contract; parts with errors may be missing. */
  readonly model: Model;
  /** Errors and warnings, by location. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Builds the model of the contract in a request and checks all rules. Reports diagnostics of the files to generate only, not of
 * their imports.
 */
export function analyse(request: CodeGeneratorRequest): Analysis {
  return analyseSource(readSource(request));
}

/** As `analyse`, of descriptors that are linked already. */
export function analyseSource(linked: Source): Analysis {
  const diagnostics = new Diagnostics();
  const source = replaceLegacyOptions(linked, diagnostics);
  const model = buildModel(source.registry, source.files, diagnostics);
  for (const rule of rules) rule(model, diagnostics);
  const own = new Set(source.files.map(({ name }) => `${name}.proto`));
  return { model, diagnostics: diagnostics.sorted.filter(({ location }) => own.has(location.file)) };
}
