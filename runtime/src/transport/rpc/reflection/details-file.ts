import { createFileRegistry, type DescFile, fromJson } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, file_google_protobuf_duration } from "@bufbuild/protobuf/wkt";

const string = { label: "LABEL_OPTIONAL", type: "TYPE_STRING" };

/** The messages of google/rpc/error_details.proto that errors have as details, so that tools can show them. */
export function detailsFile(): DescFile {
  const proto = fromJson(FileDescriptorProtoSchema, {
    name,
    package: "google.rpc",
    dependency: ["google/protobuf/duration.proto"],
    messageType: [
      {
        name: "RetryInfo",
        field: [
          {
            name: "retry_delay",
            jsonName: "retryDelay",
            number: 1,
            label: "LABEL_OPTIONAL",
            type: "TYPE_MESSAGE",
            typeName: ".google.protobuf.Duration",
          },
        ],
      },
      {
        name: "BadRequest",
        field: [
          {
            name: "field_violations",
            jsonName: "fieldViolations",
            number: 1,
            label: "LABEL_REPEATED",
            type: "TYPE_MESSAGE",
            typeName: ".google.rpc.BadRequest.FieldViolation",
          },
        ],
        nestedType: [
          {
            name: "FieldViolation",
            field: [
              { name: "field", jsonName: "field", number: 1, ...string },
              { name: "description", jsonName: "description", number: 2, ...string },
              { name: "reason", jsonName: "reason", number: 3, ...string },
            ],
          },
        ],
      },
    ],
    syntax: "proto3",
  });
  const file = createFileRegistry(proto, () => file_google_protobuf_duration.proto).getFile(name);
  if (file === undefined) throw new Error(`${name} is not linked`);
  return file;
}

const name = "google/rpc/error_details.proto";
