import type { OptionSpecs, OptionValues } from "../index.js";

/** The options of the target. */
export const sagaOptions = {
  messages: { values: ["es", "ts-proto"], default: "es" },
  import_extension: { values: ["js", "none", "ts"], default: "js" },
  saga_pages: { values: ["markdown", "none"], default: "markdown" },
} as const satisfies OptionSpecs;

export type SagaOptions = OptionValues<typeof sagaOptions>;
