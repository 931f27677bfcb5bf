// generator/proto/ as filled by `npm run protos`: every file compiles, and the printed file equals its descriptor.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clone, fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listFiles, readText, root } from "./sources.js";

const protos = listFiles("generator/proto").map((file) => file.slice("generator/proto/".length));
const compilers: Readonly<Record<string, readonly string[]>> = {
  buf: ["build", ".", "--as-file-descriptor-set", "--exclude-source-info", "-o", "set.binpb"],
  protoc: ["--include_imports", "--descriptor_set_out=set.binpb", ...protos],
};

describe.each(Object.keys(compilers))("compiled by %s", (name) => {
  let folder: string;
  let files: Map<string, FileDescriptorProto>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "potter-protos-"));
    cpSync(join(root, "generator/proto"), folder, { recursive: true });
    execFileSync(join(root, "node_modules/.bin", name), [...(compilers[name] ?? [])], { cwd: folder });
    const set = fromBinary(FileDescriptorSetSchema, new Uint8Array(readFileSync(join(folder, "set.binpb"))));
    files = new Map(set.file.map((file) => [file.name, file]));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("every file exists, with all its imports", () => {
    expect([...files.keys()]).toEqual(expect.arrayContaining(protos));
    expect([...files.values()].flatMap((file) => file.dependency).filter((path) => !files.has(path))).toEqual([]);
  });

  it("the printed validate.proto equals its descriptor", () => {
    const printed = files.get("buf/validate/validate.proto");
    if (!printed) throw new Error("buf/validate/validate.proto was not compiled");
    expect(differences(printed, file_buf_validate_validate.proto)).toEqual([]);
    expect(printed.messageType.length).toBeGreaterThan(30);
  });

  it("a difference in a field is reported", () => {
    const changed = clone(FileDescriptorProtoSchema, file_buf_validate_validate.proto);
    const field = changed.messageType.at(-1)?.field[0];
    if (!field) throw new Error("no field");
    field.number = 77;
    expect(differences(changed, file_buf_validate_validate.proto)).toEqual([changed.messageType.at(-1)?.name]);
  });
});

it("the package contains our annotations byte for byte", () => {
  expect(readText("generator/proto/potter/v1/options.proto")).toBe(readText("proto/potter/v1/options.proto"));
});

/** The names of all declarations that differ, including options and extensions. */
function differences(one: FileDescriptorProto, two: FileDescriptorProto): string[] {
  const [left, right] = [parts(bare(one)), parts(bare(two))];
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].filter((name) => left.get(name) !== right.get(name));
}

/** Each declaration of a file as text, by its name; the rest of the file by the name of its field. */
function parts(file: FileDescriptorProto): Map<string, string> {
  const { messageType, enumType, extension, service, ...rest } = file;
  const named = [...messageType, ...enumType, ...extension, ...service];
  const text = (value: unknown): string =>
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
  return new Map(
    [...named.map((part) => [part.name, part] as const), ...Object.entries(rest)].map(([name, part]) => [
      name,
      text(part),
    ]),
  );
}

/** Without what depends on the compiler: the syntax when it is the default, and JSON names, which follow from names. */
function bare(file: FileDescriptorProto): FileDescriptorProto {
  const copy = clone(FileDescriptorProtoSchema, file);
  copy.syntax = copy.syntax === "proto2" ? "" : copy.syntax;
  const fields = copy.messageType
    .flatMap((message) => [message, ...message.nestedType])
    .flatMap((message) => message.field);
  for (const field of [...fields, ...copy.extension]) field.jsonName = "";
  return copy;
}
