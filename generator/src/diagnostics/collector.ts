import type { AnyDesc } from "@bufbuild/protobuf";
import { fileOf, pathOf, readExtent, readLocation } from "../descriptors/index.js";
import { type ArgsOf, type Code, catalogue } from "./catalogue.js";
import type { Diagnostic, Location } from "./diagnostic.js";
import type { Entry } from "./entry.js";

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

/** Which part of an element is meant. */
export interface ElementRef {
  readonly desc: AnyDesc;
  /** Number of the option's extension, to point at the option. */
  readonly option?: number;
  /** A word to point at, within the element or option. */
  readonly focus?: string;
  /** The field of the option whose value the word is: the same word may be a value of others too. */
  readonly key?: string;
  /** Only warn: the contract was not written for Potter, and generates all the same. */
  readonly lenient?: boolean;
}

/** Gathers all diagnostics of a run, each once: two rpcs that share a request share what is wrong with it. */
export class Diagnostics {
  private readonly found = new Map<string, Diagnostic>();

  report<C extends Code>(code: C, place: ElementRef, ...args: ArgsOf<C>): void {
    const entry = catalogue[code] as unknown as Entry<readonly string[]>;
    const diagnostic = {
      code,
      severity: place.lenient === true ? "warning" : entry.severity,
      message: entry.message(...args),
      location: locate(place),
      focus: place.focus,
      ...(place.key !== undefined && { key: place.key }),
      hint: entry.hint?.(...args),
    };
    this.found.set(JSON.stringify(diagnostic), diagnostic);
  }

  /** In the order of files and lines, whatever the order they were found in. */
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

function locate({ desc, option }: ElementRef): Location | { readonly file: string } {
  const file = fileOf(desc);
  const name = `${file.name}.proto`;
  const path = pathOf(desc);
  const ofOption = option === undefined ? undefined : readExtent(file, [...path, optionsField[desc.kind] ?? 0, option]);
  // An element's own name is told under path + [1]; its span alone would cover its whole body.
  const span = ofOption ?? (readLocation(file, [...path, 1]) ?? readLocation(file, path))?.span;
  const [line, column, third, fourth] = span ?? [];
  if (line === undefined || column === undefined || third === undefined) return { file: name };
  const [endLine, endColumn] = fourth === undefined ? [line, third] : [third, fourth];
  return { file: name, line: line + 1, column: column + 1, endLine: endLine + 1, endColumn: endColumn + 1 };
}
