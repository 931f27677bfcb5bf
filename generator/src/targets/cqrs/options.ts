import { moduleOptions, type OptionSpecs, type OptionValues } from "../index.js";

/** The options of the target. */
export const cqrsOptions = {
  messages: { values: ["es", "ts-proto"], default: "es" },
  ...moduleOptions,
} as const satisfies OptionSpecs;

export type CqrsOptions = OptionValues<typeof cqrsOptions>;
