import type { FlagOption, Options, TextOption } from "./option.js";

/** The template of a command that generates. */
export const templateOption = {
  kind: "text",
  value: "<file>",
  summary: "the template to use",
  default: "buf.gen.yaml",
  completes: "file",
} as const satisfies TextOption;

/** Where a command creates files that belong to the user. */
export const intoOption = {
  kind: "text",
  value: "<folder>",
  summary: "the folder for new files of yours",
  otherwise: "where such code already is",
  completes: "folder",
} as const satisfies TextOption;

/** The options of all commands. */
export const commonOptions = {
  cwd: {
    kind: "text",
    value: "<folder>",
    summary: "run in this folder instead of the current one",
    completes: "folder",
  },
  help: { kind: "flag", short: "h", summary: "print this help" },
} as const satisfies Options;

/** The result for programs. */
export const jsonOption = {
  kind: "flag",
  summary: "print the result as one JSON object",
} as const satisfies FlagOption;
