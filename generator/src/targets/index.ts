// The interface of targets and their options. Each target has its own folder here and imports no other target.
export { type ModuleForm, moduleOptions, readForms } from "./module-options.js";
export {
  type ChoiceSpec,
  type CombinationSpec,
  defaultsOf,
  type FileSpec,
  type NamesSpec,
  OptionError,
  type OptionSpec,
  type OptionSpecs,
  type OptionValues,
} from "./options.js";
export { cqrsPath } from "./paths.js";
export type { Target, TargetContext } from "./target.js";
