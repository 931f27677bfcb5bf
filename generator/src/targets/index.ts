// What a target is. Each has a folder of its own here and knows no other.
export {
  type ChoiceSpec,
  defaultsOf,
  type FileSpec,
  type NamesSpec,
  OptionError,
  type OptionSpec,
  type OptionSpecs,
  type OptionValues,
} from "./options.js";
export type { Target, TargetContext } from "./target.js";
