import { create, createFileRegistry, type DescFile, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, CodeGeneratorRequestSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** What a compiler asks for: linked descriptors, and which of the files to generate. */
export interface Source {
  readonly registry: FileRegistry;
  /** Ordered by name, whatever the order of the request. */
  readonly files: readonly DescFile[];
  readonly parameter: string;
}

/** A request that is not one. */
export class RequestError extends Error {
  override readonly name = "RequestError";
}

/** Reads the bytes that a compiler writes to a plugin. */
export function readRequest(bytes: Uint8Array): CodeGeneratorRequest {
  try {
    return fromBinary(CodeGeneratorRequestSchema, bytes);
  } catch (cause) {
    throw new RequestError("expected a google.protobuf.compiler.CodeGeneratorRequest, found other bytes", { cause });
  }
}

/** Links the descriptors of a request. */
export function readSource(request: CodeGeneratorRequest): Source {
  if (request.fileToGenerate.length === 0) {
    throw new RequestError("the request names no file to generate: start the plugin from buf generate or protoc");
  }
  const registry = link(request);
  const files = [...new Set(request.fileToGenerate)].sort().map((name) => {
    const file = registry.getFile(name);
    if (file === undefined) throw new RequestError(`the request asks for ${name} but holds no descriptor of it`);
    return file;
  });
  return { registry, files, parameter: request.parameter };
}

function link(request: CodeGeneratorRequest): FileRegistry {
  try {
    return createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RequestError(`the descriptors of the request cannot be linked: ${reason}`, { cause });
  }
}
