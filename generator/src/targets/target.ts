import type { Model } from "../model/index.js";
import type { GeneratedFile } from "../output/index.js";
import type { OptionSpec, OptionValues } from "../plugin/index.js";

/** One kind of output: a pure function from the model to files. */
export interface Target<Specs extends { readonly [name: string]: OptionSpec } = { readonly [name: string]: OptionSpec }> {
  /** `cqrs`; the plugin is called `protoc-gen-potter-<name>`. */
  readonly name: string;
  readonly options: Specs;
  emit(model: Model, options: OptionValues<Specs>): readonly GeneratedFile[];
}
