import { clone, create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  DescriptorProtoSchema,
  EnumDescriptorProtoSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  ServiceDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { CliError } from "../cli-error.js";
import type { LockEntries } from "./parse.js";

/** Whether potter.lock records no contract: it was written before it did, or is empty. */
export function isIncomplete(entries: LockEntries): boolean {
  return ![...entries.keys()].some((name) => name.startsWith("file "));
}

/**
 * Builds the image of the contract that potter.lock records, as buf would: without comments. `known`: files that may be imported and
 * that the lock leaves out, such as those of Potter. Throws a CliError if the lock is damaged.
 */
export function lockedImage(entries: LockEntries, known: readonly FileDescriptorProto[], file: string): Uint8Array {
  try {
    const own = ownFiles(entries);
    const imports = [...entries].flatMap(([name, value]) =>
      name.startsWith("import ") ? [fromBinary(FileDescriptorProtoSchema, decode(value))] : [],
    );
    const others = [...known, ...imports].filter(({ name }) => !own.has(name)).map(markImport);
    const all = new Map([...others, ...own.values()].map((one) => [one.name, one]));
    const ordered = new Set<FileDescriptorProto>();
    for (const name of own.keys()) addWithImports(name, all, ordered, new Set());
    return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [...ordered] }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `${file} does not record a whole contract: ${reason}. Restore it from version control, or write it again: npx potter lock --accept`,
    );
  }
}

/** The files that the recorded contract imports, and that neither the lock nor `known` has. */
export function missingImports(entries: LockEntries, known: readonly FileDescriptorProto[]): readonly string[] {
  const names = new Set([
    ...known.map(({ name }) => name),
    ...[...entries.keys()].map((name) => name.split(" ")[1] ?? ""),
  ]);
  const imports = [...entries].flatMap(([name, value]) =>
    /^(?:file|import) /.test(name) ? fromBinary(FileDescriptorProtoSchema, decode(value)).dependency : [],
  );
  return imports.filter((name) => !names.has(name));
}

function ownFiles(entries: LockEntries): ReadonlyMap<string, FileDescriptorProto> {
  const files = new Map<string, FileDescriptorProto>();
  for (const [name, value] of entries) {
    if (!name.startsWith("file ")) continue;
    const file = fromBinary(FileDescriptorProtoSchema, decode(value));
    files.set(file.name, file);
  }
  for (const [name, value] of entries) {
    const [kind] = name.split(" ");
    if (kind !== "message" && kind !== "enum" && kind !== "service") continue;
    const [path = "", bytes = ""] = value.split(" ");
    const file = files.get(path);
    if (file === undefined) throw new Error(`the file ${path} of the ${name} is not recorded`);
    if (kind === "message") file.messageType.push(fromBinary(DescriptorProtoSchema, decode(bytes)));
    else if (kind === "enum") file.enumType.push(fromBinary(EnumDescriptorProtoSchema, decode(bytes)));
    else file.service.push(fromBinary(ServiceDescriptorProtoSchema, decode(bytes)));
  }
  return files;
}

/** Files come after those that they import. */
function addWithImports(
  name: string,
  all: ReadonlyMap<string, FileDescriptorProto>,
  ordered: Set<FileDescriptorProto>,
  visited: Set<string>,
): void {
  const file = all.get(name);
  if (file === undefined) throw new Error(`the file ${name}, which it imports, is not known`);
  if (ordered.has(file) || visited.has(name)) return;
  visited.add(name);
  for (const one of file.dependency) addWithImports(one, all, ordered, visited);
  ordered.add(file);
}

/** Marks a file of an image as one that is only imported, as buf does: extension 8042, whose first field says so. */
function markImport(file: FileDescriptorProto): FileDescriptorProto {
  const copy = clone(FileDescriptorProtoSchema, file);
  copy.$unknown = [{ no: 8042, wireType: 2, data: new Uint8Array([2, 8, 1]) }];
  return copy;
}

function decode(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "base64"));
}
