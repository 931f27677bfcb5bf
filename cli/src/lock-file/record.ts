import { clearField, clone, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  DescriptorProtoSchema,
  EnumDescriptorProtoSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  ServiceDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import type { Model } from "@potter/generator";
import type { LockEntries } from "./parse.js";

/** Records a contract: its facts, which reviewers read, and its descriptors, from which it can be compared. */
export function recordContract(model: Model, request: CodeGeneratorRequest): LockEntries {
  const own = new Set(request.fileToGenerate);
  const files = request.protoFile.filter(({ name }) => !isBundled(name));
  return new Map([
    ...factsOf(model),
    ...files.filter(({ name }) => own.has(name)).flatMap(recordFile),
    ...files
      .filter(({ name }) => !own.has(name))
      .map((file) => [`import ${file.name}`, encode(toBinary(FileDescriptorProtoSchema, bare(file)))] as const),
  ]);
}

/** What stored data, clients and running sagas depend on by name: events, routes, sagas. */
export function factsOf({ files }: Model): LockEntries {
  const methods = files.flatMap(({ services }) => services.flatMap((service) => service.methods));
  return new Map([
    ...files
      .flatMap(({ events }) => events)
      .map(({ type, version, desc }) => [`event ${type}@${version}`, desc.typeName] as const),
    ...methods.flatMap(({ http, desc }) =>
      http.map(({ method, path }) => [`rest ${method} ${path}`, `${desc.parent.typeName}.${desc.name}`] as const),
    ),
    ...files
      .flatMap(({ sagas }) => sagas)
      .map(({ desc, version, steps }) => {
        const names = steps.map(({ name }) => name).join(", ");
        return [`saga ${desc.typeName}`, `version ${version}: ${names || "no steps"}`] as const;
      }),
  ]);
}

function recordFile(file: FileDescriptorProto): readonly (readonly [string, string])[] {
  const { name, package: scope, messageType, enumType, service } = file;
  const nameOf = (own: string): string => (scope === "" ? own : `${scope}.${own}`);
  const line = (kind: string, own: string, bytes: Uint8Array) =>
    [`${kind} ${nameOf(own)}`, `${name} ${encode(bytes)}`] as const;
  const rest = bare(file);
  rest.messageType = [];
  rest.enumType = [];
  rest.service = [];
  return [
    [`file ${name}`, encode(toBinary(FileDescriptorProtoSchema, rest))],
    ...messageType.map((one) => line("message", one.name, toBinary(DescriptorProtoSchema, one))),
    ...enumType.map((one) => line("enum", one.name, toBinary(EnumDescriptorProtoSchema, one))),
    ...service.map((one) => line("service", one.name, toBinary(ServiceDescriptorProtoSchema, one))),
  ];
}

/** A file without what does not change the contract: comments, and the marks of buf's images. */
function bare(file: FileDescriptorProto): FileDescriptorProto {
  const copy = clone(FileDescriptorProtoSchema, file);
  clearField(copy, FileDescriptorProtoSchema.field.sourceCodeInfo);
  delete copy.$unknown;
  return copy;
}

/** Whether a file comes with Potter or with protobuf itself, so that every project has it. */
function isBundled(name: string): boolean {
  return /^(?:google\/protobuf|google\/api|potter\/v1|buf\/validate)\//.test(name);
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
