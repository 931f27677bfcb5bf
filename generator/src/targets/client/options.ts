import { moduleOptions, type OptionSpecs, type OptionValues } from "../index.js";

/** The options of the target. */
export const clientOptions = {
  client_messages: { values: ["json", "es", "ts-proto"], default: "json" },
  ...moduleOptions,
} as const satisfies OptionSpecs;

export type ClientOptions = OptionValues<typeof clientOptions>;
