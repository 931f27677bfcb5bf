import { create, createFileRegistry, type DescFile, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

/** A request of a compiler: linked descriptors, and the files to generate. */
export interface Source {
  /** All files, with those that are only imported. */
  readonly registry: FileRegistry;
  /** The files to generate, ordered by name, independent of the order in the request. */
  readonly files: readonly DescFile[];
  /** The options of the plugin, as the request has them; empty: none. */
  readonly parameter: string;
}

/** The input is not a valid request of a compiler. */
export class RequestError extends Error {
  /** Marks the error in messages and stack traces. */
  override readonly name = "RequestError";
}

/** Decodes the bytes that a compiler writes to a plugin. Throws a RequestError if they are no request. */
export function readRequest(bytes: Uint8Array): CodeGeneratorRequest {
  try {
    return fromBinary(CodeGeneratorRequestSchema, bytes);
  } catch (cause) {
    throw new RequestError("the input is not a google.protobuf.compiler.CodeGeneratorRequest", { cause });
  }
}

/** Links the descriptors of a request. Throws a RequestError if they are incomplete. */
export function readSource(request: CodeGeneratorRequest): Source {
  if (request.fileToGenerate.length === 0) {
    throw new RequestError("the request names no file to generate: run the plugin with buf generate or protoc");
  }
  const registry = link(request.protoFile);
  return { registry, files: selectFiles(registry, request.fileToGenerate), parameter: request.parameter };
}

/** The files to generate, ordered by name. Throws a RequestError if one is missing. */
export function selectFiles(registry: FileRegistry, toGenerate: readonly string[]): readonly DescFile[] {
  return [...new Set(toGenerate)].sort().map((name) => {
    const file = registry.getFile(name);
    if (file === undefined) throw new RequestError(`the request names ${name} but contains no descriptor for it`);
    return file;
  });
}

/** Links descriptors that have been changed in place of those of a source. */
export function relink({ files, parameter }: Source, protoFile: FileDescriptorProto[]): Source {
  const registry = link(protoFile);
  return { registry, files: files.flatMap(({ name }) => registry.getFile(`${name}.proto`) ?? []), parameter };
}

function link(protoFile: FileDescriptorProto[]): FileRegistry {
  try {
    return createFileRegistry(create(FileDescriptorSetSchema, { file: protoFile }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RequestError(`cannot link the descriptors of the request: ${reason}`, { cause });
  }
}
