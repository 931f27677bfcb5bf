// The minimum of a plugin on protobuf-es: decodes the request, builds the registry, and reports how many files it found.
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponse_Feature,
  CodeGeneratorResponseSchema,
  Edition,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const request = fromBinary(CodeGeneratorRequestSchema, Buffer.concat(chunks));
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
const found = request.fileToGenerate.filter((path) => registry.getFile(path) !== undefined);
const response = create(CodeGeneratorResponseSchema, {
  supportedFeatures: BigInt(
    CodeGeneratorResponse_Feature.PROTO3_OPTIONAL | CodeGeneratorResponse_Feature.SUPPORTS_EDITIONS,
  ),
  minimumEdition: Edition.EDITION_PROTO2,
  maximumEdition: Edition.EDITION_2024,
  file: [{ name: "found.txt", content: `${found.length}\n` }],
});
process.stdout.write(toBinary(CodeGeneratorResponseSchema, response));
