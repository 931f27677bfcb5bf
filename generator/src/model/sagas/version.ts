import type { Diagnostics, ElementRef } from "../../diagnostics/index.js";

/** Reads a version of a saga. Reports 0, since versions start at 1. */
export function buildVersion(
  version: number | undefined,
  option: string,
  ref: ElementRef,
  diagnostics: Diagnostics,
  element: string,
): number | undefined {
  if (version !== 0) return version;
  diagnostics.report("saga-version-zero", { focus: option, ...ref }, option, element);
  return undefined;
}
