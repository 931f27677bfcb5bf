import type { OptionSpecs, OptionValues } from "../../index.js";

/** The value of a filter option that excludes nothing. */
export const everything = "*";

/** The plugin options of the target. */
export const openapiOptions = {
  version: { values: ["3.0", "3.1", "3.2"], default: "3.1" },
  format: { values: ["yaml", "json"], default: "yaml" },
  output: { values: ["merged", "file", "service"], default: "merged" },
  operation_ids: { values: ["service", "rpc"], default: "service" },
  services: { names: true, default: everything },
  tags: { names: true, default: everything },
  visibility: { names: true, default: everything },
  base: { file: true },
  override: { file: true },
  waits: { values: ["off", "on"], default: "off" },
} as const satisfies OptionSpecs;

export type OpenApiOptions = OptionValues<typeof openapiOptions>;
