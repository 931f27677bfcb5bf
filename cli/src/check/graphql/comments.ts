import { clearField, clone } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/** Whether a contract says what its comments are: potter.lock and images without source info do not. */
export function hasComments({ fileToGenerate, protoFile }: CodeGeneratorRequest): boolean {
  const own = new Set(fileToGenerate);
  return protoFile.some(({ name, sourceCodeInfo }) => own.has(name) && sourceCodeInfo !== undefined);
}

/** Returns a contract without its comments. */
export function withoutComments(request: CodeGeneratorRequest): CodeGeneratorRequest {
  const copy = clone(CodeGeneratorRequestSchema, request);
  for (const file of copy.protoFile) clearField(file, FileDescriptorProtoSchema.field.sourceCodeInfo);
  return copy;
}
