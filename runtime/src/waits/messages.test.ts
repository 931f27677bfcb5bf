import { readFileSync } from "node:fs";
import { join } from "node:path";
import { create, createFileRegistry, equals } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { compileProto, root } from "../../../generator/src/testing/index.js";
import { waitsFile } from "./messages.js";
import { waitMethod } from "./wait-method.js";

const path = "potter/v1/waits.proto";

const text = readFileSync(join(root, "proto", path), "utf8");

/** The descriptors of the file, and of what it imports. Under another name, since the path is of those that are not the user's. */
function compileFiles() {
  const files = compileProto({ "waits.proto": text }).protoFile;
  for (const file of files) if (file.name === "waits.proto") file.name = path;
  return files;
}

it("the messages are those of the proto file, apart from its HTTP binding", () => {
  const file = compileFiles().find(({ name }) => name === path);
  if (file === undefined) throw new Error(`${path} was not compiled`);
  const binding = "google/api/annotations.proto";
  const [method] = file.service[0]?.method ?? [];
  if (method?.options) method.options.$unknown = [];
  file.dependency = file.dependency.filter((one) => one !== binding);
  delete file.sourceCodeInfo;
  expect(equals(FileDescriptorProtoSchema, file, waitsFile.proto)).toBe(true);
  expect(file.messageType.map(({ name }) => name)).toEqual(["WaitRequest", "WaitResponse"]);
});

it("the method has the names and the binding of the proto file", () => {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: compileFiles() }));
  const method = registry.getService("potter.v1.WaitService")?.method["wait"];
  const { service, name, request, response, http } = waitMethod();
  expect([service, name, request.typeName, response.typeName]).toEqual([
    method?.parent.typeName,
    method?.name,
    method?.input.typeName,
    method?.output.typeName,
  ]);
  expect(text).toContain(`get: "${http[0]?.path}"`);
});
