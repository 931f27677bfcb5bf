import type { Diagnostics } from "../diagnostics/index.js";
import type { Model } from "../model/index.js";
import type { GeneratedFile } from "../output/index.js";
import type { OptionSpecs } from "./options.js";

/** What a target is given besides the model. */
export interface TargetContext {
  /** Name and version of the plugin, for the headers of files. */
  readonly generator: string;
  /** Where it tells what cannot be said in its output. */
  readonly diagnostics: Diagnostics;
}

/** One kind of output: a pure function from the model to files. */
export interface Target {
  /** `cqrs`; its plugin is called `protoc-gen-potter-cqrs`. */
  readonly name: string;
  readonly options: OptionSpecs;
  /** Throws an OptionError about options whose values cannot be used. */
  emit(model: Model, options: { readonly [name: string]: string }, context: TargetContext): readonly GeneratedFile[];
}
