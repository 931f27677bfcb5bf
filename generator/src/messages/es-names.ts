import type { DescEnum, DescExtension, DescFile, DescMessage, DescService } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";

// protobuf-es generates names that are unique in a file, so they depend on the order of all elements. es-names.test.ts compares
// the names below with the output of protoc-gen-es.

const reserved = new Set(
  (
    "break case catch class const continue debugger default delete do else export extends false finally for function " +
    "if import in instanceof new null return super switch this throw true try typeof var void while with yield enum " +
    "implements interface let package private protected public static Object bigint number boolean string object " +
    "globalThis Uint8Array Partial"
  ).split(" "),
);

interface FileNames {
  readonly types: ReadonlyMap<DescMessage | DescEnum, string>;
  readonly schemas: ReadonlyMap<DescMessage | DescEnum | DescExtension | DescService | DescFile, string>;
}

const known = new WeakMap<DescFile, FileNames>();

/** Returns the names of the type and the schema that protoc-gen-es generates for a message or an enum. Computed once per file. */
export function esNames(message: DescMessage | DescEnum): { readonly type: string; readonly schema: string } {
  let names = known.get(message.file);
  if (names === undefined) {
    names = nameAll(message.file);
    known.set(message.file, names);
  }
  return { type: names.types.get(message) ?? "", schema: names.schemas.get(message) ?? "" };
}

function nameAll(file: DescFile): FileNames {
  const taken = new Set<string>();
  const take = (base: string): string => {
    for (let i = 0; ; i++) {
      const salted = base + (i === 0 ? "" : i === 1 ? "$" : `$${i - 1}`);
      const name = reserved.has(salted) ? `${salted}$` : salted;
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  };
  const all = [...nestedTypes(file)];
  const types = new Map<DescMessage | DescEnum, string>();
  for (const desc of all)
    if (desc.kind === "message" || desc.kind === "enum") types.set(desc, take(identifier(file, desc)));
  const schemas = new Map<DescMessage | DescEnum | DescExtension | DescService | DescFile, string>();
  schemas.set(file, take(`file_${file.name.replace(/[^a-zA-Z0-9_]+/g, "_")}`));
  for (const desc of all) {
    const suffix = desc.kind === "message" || desc.kind === "enum" ? "Schema" : "";
    schemas.set(desc, take(identifier(file, desc) + suffix));
  }
  return { types, schemas };
}

function identifier(file: DescFile, desc: { readonly typeName: string }): string {
  const { package: pkg } = file.proto;
  const offset = pkg.length > 0 ? pkg.length + 1 : 0;
  return desc.typeName.slice(offset).replaceAll(".", "_");
}
