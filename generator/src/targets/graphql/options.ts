import { moduleOptions, type OptionSpecs, type OptionValues } from "../index.js";

/** The plugin options of the target. */
export const graphqlOptions = {
  output: { values: ["merged", "file", "service"], default: "merged" },
  federation: { values: ["auto", "on", "off"], default: "auto" },
  lock: { file: true, writtenBy: "npx potter lock" },
  ...moduleOptions,
} as const satisfies OptionSpecs;

export type GraphQLOptions = OptionValues<typeof graphqlOptions>;
