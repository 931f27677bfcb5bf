import type { AnyDesc } from "@bufbuild/protobuf";
import { fileOf, pathOf, readExtent, readLocation } from "../descriptors/index.js";
import { type ArgsOf, type Code, catalogue } from "./catalogue.js";
import type { Diagnostic, Location } from "./diagnostic.js";
import type { DiagnosticEntry } from "./entry.js";

/** The field `options` in each kind of descriptor of descriptor.proto. */
const optionsField: { readonly [kind: string]: number } = {
  file: 8,
  message: 7,
  field: 8,
  enum: 3,
  oneof: 2,
  enum_value: 3,
  service: 3,
  rpc: 4,
};

/** The part of a contract that a diagnostic is about: an element, or one of its options, or a word in either. */
export interface ElementRef {
  /** The element: a file, message, field, enum, service or rpc. */
  readonly desc: AnyDesc;
  /** Extension number of an option: the location is then that of the option. */
  readonly option?: number;
  /** A word within the element or option. */
  readonly focus?: string;
  /** The field of the option whose value is the word, where other fields may have the same value. */
  readonly key?: string;
  /** Reports a warning instead of an error: the contract was not written for Potter. */
  readonly lenient?: boolean;
}

/** Collects the diagnostics of a run without duplicates: two rpcs with the same request share its errors. */
export class Diagnostics {
  private readonly found = new Map<string, Diagnostic>();

  /** Adds a diagnostic. */
  report<C extends Code>(code: C, ref: ElementRef, ...args: ArgsOf<C>): void {
    const entry = catalogue[code] as unknown as DiagnosticEntry<readonly string[]>;
    const diagnostic = {
      code,
      severity: ref.lenient === true ? "warning" : entry.severity,
      message: entry.message(...args),
      location: locate(ref),
      focus: ref.focus,
      ...(ref.key !== undefined && { key: ref.key }),
      hint: entry.hint?.(...args),
    };
    this.found.set(JSON.stringify(diagnostic), diagnostic);
  }

  /** All diagnostics, ordered by file, line and column. */
  get sorted(): readonly Diagnostic[] {
    return [...this.found.values()].sort(
      (a, b) => compare(keyOf(a), keyOf(b)) || compare(a.code, b.code) || compare(a.message, b.message),
    );
  }
}

function keyOf({ location }: Diagnostic): string {
  const [line, column] = "line" in location ? [location.line, location.column] : [0, 0];
  return [location.file, String(line).padStart(9, "0"), String(column).padStart(9, "0")].join("\0");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Returns the location of an element's name, or of one of its options; the file alone if the request has no source info, or if the
 * element is a file: its first line would say nothing.
 */
export function locate({ desc, option }: ElementRef): Location | { readonly file: string } {
  const file = fileOf(desc);
  const path = pathOf(desc);
  const ofOption = option === undefined ? undefined : readExtent(file, [...path, optionsField[desc.kind] ?? 0, option]);
  if (desc.kind === "file" && ofOption === undefined) return toLocation(desc);
  // The span of an element covers its whole body; that of its name has the path + [1].
  return toLocation(desc, ofOption ?? (readLocation(file, [...path, 1]) ?? readLocation(file, path))?.span);
}

/** Returns the location of a whole element with its body; the file alone if the request has no source info. */
export function locateBody(desc: AnyDesc): Location | { readonly file: string } {
  return toLocation(desc, readLocation(fileOf(desc), pathOf(desc))?.span);
}

function toLocation(desc: AnyDesc, span: readonly number[] = []): Location | { readonly file: string } {
  const file = `${fileOf(desc).name}.proto`;
  const [line, column, third, fourth] = span;
  if (line === undefined || column === undefined || third === undefined) return { file };
  const [endLine, endColumn] = fourth === undefined ? [line, third] : [third, fourth];
  return { file, line: line + 1, column: column + 1, endLine: endLine + 1, endColumn: endColumn + 1 };
}
