import { create } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";

/** Narrows a request to some files and their imports: each file after its imports, otherwise ordered by name. */
export function narrowTo(request: CodeGeneratorRequest, names: readonly string[]): CodeGeneratorRequest {
  const byName = new Map(request.protoFile.map((file) => [file.name, file]));
  const needed = new Set<FileDescriptorProto>();
  const need = (name: string): void => {
    const file = byName.get(name);
    if (file === undefined) throw new Error(`the request does not contain ${name}`);
    if (needed.has(file)) return;
    for (const dependency of file.dependency) need(dependency);
    needed.add(file);
  };
  for (const name of names) need(name);
  return create(CodeGeneratorRequestSchema, {
    fileToGenerate: [...names],
    parameter: request.parameter,
    protoFile: [...needed],
  });
}

/** Reverses the files of a request, except that each file stays after its imports. */
export function turnAround(request: CodeGeneratorRequest): CodeGeneratorRequest {
  const { protoFile } = narrowTo(request, request.protoFile.map(({ name }) => name).reverse());
  return create(CodeGeneratorRequestSchema, {
    fileToGenerate: request.fileToGenerate.toReversed(),
    parameter: request.parameter,
    protoFile,
  });
}
