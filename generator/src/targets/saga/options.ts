import { moduleOptions, type OptionSpecs, type OptionValues } from "../index.js";

/** The options of the target. */
export const sagaOptions = {
  messages: { values: ["es", "ts-proto"], default: "es" },
  ...moduleOptions,
  saga_pages: { values: ["markdown", "none"], default: "markdown" },
} as const satisfies OptionSpecs;

export type SagaOptions = OptionValues<typeof sagaOptions>;
