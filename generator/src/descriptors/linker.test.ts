import { toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { compileProto } from "../testing/index.js";
import { type EncodedFile, Linker, RequestError } from "./index.js";

/** Many files, so that one that changes is a small part of them. */
const files: Readonly<Record<string, string>> = Object.fromEntries([
  ["base.proto", `syntax = "proto3"; package a; message Base { string id = 1; }`],
  ["user.proto", `syntax = "proto3"; package a; import "base.proto"; message User { Base base = 1; }`],
  ...Array.from({ length: 20 }, (_, at) => [
    `other${at}.proto`,
    `syntax = "proto3"; package a; message Other${at} { string id = 1; }`,
  ]),
]);

function compile(changed: Readonly<Record<string, string>> = {}): readonly EncodedFile[] {
  return compileProto({ ...files, ...changed }).protoFile.map((file) => ({
    name: file.name,
    descriptor: toBinary(FileDescriptorProtoSchema, file),
  }));
}

const newBase = { "base.proto": `syntax = "proto3"; package a; message Base { string id = 1; int32 n = 2; }` };

describe("Linker", () => {
  it("keeps the descriptors of files that are as they were, with all that they import", () => {
    const linker = new Linker();
    const before = linker.link(compile(), ["user.proto"]).registry;
    const after = linker.link(compile(newBase), ["user.proto"]).registry;
    const isKept = (name: string) => after.getFile(name) === before.getFile(name);
    expect([isKept("other3.proto"), isKept("base.proto"), isKept("user.proto")]).toEqual([true, false, false]);
    const base = after.getMessage("a.Base");
    expect(base?.fields.map(({ name }) => name)).toEqual(["id", "n"]);
    expect(after.getMessage("a.User")?.fields[0]?.message).toBe(base);
    expect(before.getMessage("a.Base")?.fields).toHaveLength(1);
  });

  it("finds what it links as one link of all files does", () => {
    const linker = new Linker();
    linker.link(compile(), ["user.proto"]);
    const again = linker.link(compile(newBase), ["user.proto", "base.proto"]);
    const fresh = new Linker().link(compile(newBase), ["base.proto", "user.proto"]);
    const names = ({ registry, files: own }: typeof fresh) => [
      [...registry].map(({ typeName }) => typeName).sort(),
      Array.from(registry.files, ({ name }) => name).sort(),
      own.map(({ name }) => name),
    ];
    expect(names(again)).toEqual(names(fresh));
  });

  it("forgets files that are gone, and reports those that are missing", () => {
    const linker = new Linker();
    const all = compile();
    linker.link(all, ["user.proto"]);
    const without = all.filter(({ name }) => name !== "base.proto");
    expect(() => linker.link(without, ["user.proto"])).toThrow(RequestError);
    const { registry } = linker.link(
      without.filter(({ name }) => name !== "user.proto"),
      ["other1.proto"],
    );
    expect(registry.getMessage("a.Base")).toBeUndefined();
    expect(() => linker.link(all, ["none.proto"])).toThrow(/none\.proto/);
  });
});
