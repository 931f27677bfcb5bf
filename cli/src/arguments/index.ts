// Command lines: descriptions of options, from which the parser, the help and the completion are made. Knows no command.
export {
  type ChoiceOption,
  type CommandHelp,
  defineHelp,
  type FlagOption,
  type HelpEntry,
  type ListOption,
  type Option,
  type Options,
  type TextOption,
  type ToggleOption,
  type Words,
} from "./option.js";
export { type ParsedArguments, type ParseSettings, parseArguments } from "./parse-arguments.js";
export { listEntries, listFlags, type TypedFlag } from "./print-options.js";
export { commonOptions, intoOption, jsonOption, templateOption } from "./shared-options.js";
