import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { type Location, locateBody } from "@potter/generator/tooling";
import type { Contract } from "../contract/index.js";

/** Returns the full name of the innermost element at a position of a file. Lines and columns count from 1. */
export function elementAt({ registry }: Contract, path: string, line: number, column: number): string | undefined {
  const file = registry.getFile(path);
  if (file === undefined) return undefined;
  let best: { readonly name: string; readonly size: number } | undefined;
  for (const desc of elementsOf(file)) {
    const body = locateBody(desc);
    if (!("line" in body) || !contains(body, line, column)) continue;
    // Lines count more than any column.
    const size = (body.endLine - body.line) * 1e6 + (body.endColumn - body.column);
    if (best === undefined || size < best.size) best = { name: nameOf(desc), size };
  }
  return best?.name;
}

function contains(body: Location, line: number, column: number): boolean {
  const isAfterStart = line > body.line || (line === body.line && column >= body.column);
  return isAfterStart && (line < body.endLine || (line === body.endLine && column < body.endColumn));
}

function* elementsOf(file: DescFile): Iterable<Exclude<AnyDesc, DescFile>> {
  for (const type of nestedTypes(file)) {
    yield type;
    if (type.kind === "message") yield* type.fields;
    else if (type.kind === "enum") yield* type.values;
    else if (type.kind === "service") yield* type.methods;
  }
}

function nameOf(desc: Exclude<AnyDesc, DescFile>): string {
  switch (desc.kind) {
    case "message":
    case "enum":
    case "service":
    case "extension":
      return desc.typeName;
    default:
      return `${desc.parent.typeName}.${desc.name}`;
  }
}
