import type { Severity, Surface } from "../findings/index.js";

/** One change of the base contract, and what it means for each surface. */
export interface ContractChange {
  /** The change, for people. */
  readonly name: string;
  /** Texts of the base that are replaced, everywhere. */
  readonly edits: readonly (readonly [from: string, to: string])[];
  /** The surfaces for which it is not compatible. */
  readonly marks: Marks;
  /** The codes of Potter's own rules that report it, except compatible ones. */
  readonly codes: readonly string[];
}

type Marks = Readonly<Partial<Record<Surface, Exclude<Severity, "compatible">>>>;

/** Defines a change. `marks` is a text such as `events breaking, wire breaking`; empty: it is compatible with everything. */
export function change(name: string, edits: ContractChange["edits"], marks = "", codes = ""): ContractChange {
  const entries = marks
    .split(", ")
    .filter(Boolean)
    .map((mark) => mark.split(" "));
  return { name, edits, marks: Object.fromEntries(entries) as Marks, codes: codes.split(" ").filter(Boolean) };
}
