import { create } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { AnyMethod } from "../../../cqrs/index.js";

/** Describes a service by its methods, in a file of its own that imports those of their messages. */
export function toServiceFile(service: string, methods: readonly AnyMethod[]): FileDescriptorProto {
  const dot = service.lastIndexOf(".");
  const schemas = methods.flatMap(({ request, response }) => [request.schema, response.schema]);
  return create(FileDescriptorProtoSchema, {
    name: `${service.replaceAll(".", "/")}.service.proto`,
    package: dot < 0 ? "" : service.slice(0, dot),
    dependency: [...new Set(schemas.map(({ file }) => file.proto.name))],
    service: [
      {
        name: service.slice(dot + 1),
        method: methods.map(({ name, stream, request, response }) => ({
          name,
          inputType: `.${request.typeName}`,
          outputType: `.${response.typeName}`,
          clientStreaming: stream === "client" || stream === "bidi",
          serverStreaming: stream === "server" || stream === "bidi",
        })),
      },
    ],
    syntax: "proto3",
  });
}
