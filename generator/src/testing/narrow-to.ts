import { create } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";

/** The request for some files, with what they import: each file after its imports, else in the order of the names. */
export function narrowTo(request: CodeGeneratorRequest, names: readonly string[]): CodeGeneratorRequest {
  const byName = new Map(request.protoFile.map((file) => [file.name, file]));
  const needed = new Set<FileDescriptorProto>();
  const need = (name: string): void => {
    const file = byName.get(name);
    if (file === undefined) throw new Error(`the request holds no ${name}`);
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

/** The same request with its files the other way round, as far as files must stand after their imports. */
export function turnAround(request: CodeGeneratorRequest): CodeGeneratorRequest {
  const { protoFile } = narrowTo(request, request.protoFile.map(({ name }) => name).reverse());
  return create(CodeGeneratorRequestSchema, {
    fileToGenerate: request.fileToGenerate.toReversed(),
    parameter: request.parameter,
    protoFile,
  });
}
