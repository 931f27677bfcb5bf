import type { Diagnostics } from "../diagnostics/index.js";
import type { Model } from "../model/index.js";
import type { GeneratedFile } from "../output/index.js";
import type { OptionSpecs } from "./options.js";

/** What a target receives in addition to the model and its options. */
export interface TargetContext {
  /** Name and version of the plugin, for the headers of generated files. */
  readonly generator: string;
  /** Collects warnings and errors about parts of the contract that the output cannot express. */
  readonly diagnostics: Diagnostics;
  /** The paths of proto files. Targets may leave out what they generate for each of the others. undefined: all. */
  readonly only?: ReadonlySet<string> | undefined;
}

/** One kind of output: a pure function from the model to files. */
export interface Target {
  /** `cqrs`; its plugin is `protoc-gen-potter-cqrs`. */
  readonly name: string;
  /** The plugin options that it accepts. */
  readonly options: OptionSpecs;
  /** Emits the files. Throws an OptionError if the value of an option is invalid. */
  emit(model: Model, options: { readonly [name: string]: string }, context: TargetContext): readonly GeneratedFile[];
}
