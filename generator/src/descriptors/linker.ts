import {
  create,
  createFileRegistry,
  createRegistry,
  type DescFile,
  type FileRegistry,
  fromBinary,
} from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { RequestError, type Source, selectFiles } from "./request.js";

/** A compiled proto file, as a compiler encodes it. */
export interface EncodedFile {
  /** Its path, as imports name it. */
  readonly name: string;
  /** An encoded google.protobuf.FileDescriptorProto. */
  readonly descriptor: Uint8Array;
}

interface LinkedFile {
  readonly bytes: Uint8Array;
  readonly file: DescFile;
}

/** Above this share of files that have changed, all are linked at once, which is faster than one by one. */
const share = 0.2;

/**
 * Links the files of a contract again and again. Files that are as they were, with all that they import, keep their descriptors, so
 * that what was found out about these is still true.
 */
export class Linker {
  #linked: ReadonlyMap<string, LinkedFile> = new Map();

  /** Links files, dependencies first. Throws a RequestError if one is missing. */
  link(files: readonly EncodedFile[], toGenerate: readonly string[]): Source {
    const linked = this.#relink(files);
    this.#linked = linked;
    const registry = toRegistry([...linked.values()].map(({ file }) => file));
    return { registry, files: selectFiles(registry, toGenerate), parameter: "" };
  }

  #relink(files: readonly EncodedFile[]): ReadonlyMap<string, LinkedFile> {
    const kept = new Map<string, LinkedFile>();
    for (const { name, descriptor } of files) {
      const known = this.#linked.get(name);
      const isSame = known !== undefined && isEqual(known.bytes, descriptor);
      // Its descriptor points to those of its imports.
      if (isSame && known.file.dependencies.every((file) => kept.get(`${file.name}.proto`)?.file === file))
        kept.set(name, known);
    }
    return files.length - kept.size > files.length * share ? linkAll(files) : linkOthers(files, kept);
  }
}

function linkAll(files: readonly EncodedFile[]): ReadonlyMap<string, LinkedFile> {
  const registry = attempt(() =>
    createFileRegistry(create(FileDescriptorSetSchema, { file: files.map(({ descriptor }) => decode(descriptor)) })),
  );
  return new Map(
    files.map(({ name, descriptor }) => [name, { bytes: descriptor, file: getFile(registry, name) }] as const),
  );
}

function linkOthers(
  files: readonly EncodedFile[],
  kept: ReadonlyMap<string, LinkedFile>,
): ReadonlyMap<string, LinkedFile> {
  const linked = new Map<string, LinkedFile>();
  for (const { name, descriptor } of files) {
    const known = kept.get(name);
    if (known !== undefined) {
      linked.set(name, known);
      continue;
    }
    const registry = attempt(() => createFileRegistry(decode(descriptor), (path) => linked.get(path)?.file));
    linked.set(name, { bytes: descriptor, file: getFile(registry, name) });
  }
  return linked;
}

function getFile(registry: FileRegistry, name: string): DescFile {
  const file = registry.getFile(name);
  if (file === undefined) throw new RequestError(`the contract has no descriptor of ${name}`);
  return file;
}

function toRegistry(files: readonly DescFile[]): FileRegistry {
  const byName = new Map(files.map((file) => [file.proto.name, file]));
  return { ...createRegistry(...files), files, getFile: (name) => byName.get(name) };
}

function decode(descriptor: Uint8Array): FileDescriptorProto {
  return attempt(() => fromBinary(FileDescriptorProtoSchema, descriptor));
}

function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RequestError(`cannot link the descriptors of the contract: ${reason}`, { cause });
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && a.every((byte, at) => byte === b[at]));
}
