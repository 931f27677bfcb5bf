import { printString } from "../../printer/index.js";

/** Prints a union of string literals; `never` without any. */
export function printUnion(names: readonly string[]): string {
  return names.length === 0 ? "never" : names.map(printString).join(" | ");
}
