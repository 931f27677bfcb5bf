import type { Model } from "../model/index.js";
import type { GeneratedFile } from "../output/index.js";
import type { OptionSpecs } from "./options.js";

/** One kind of output: a pure function from the model to files. */
export interface Target {
  /** `cqrs`; its plugin is called `protoc-gen-potter-cqrs`. */
  readonly name: string;
  readonly options: OptionSpecs;
  /** `generator`: name and version, for the header of files. */
  emit(model: Model, options: { readonly [name: string]: string }, generator: string): readonly GeneratedFile[];
}
