// Compares our names with those of protoc-gen-es itself: it runs on the same request, and its exports are read.
import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { describe, expect, it } from "vitest";
import { readSource } from "../descriptors/index.js";
import { compileProto, runExternalPlugin } from "../testing/index.js";
import { esNames } from "./es-names.js";

const hostile = {
  "words.proto": `syntax = "proto3";
package words;
message delete {} message class {} message constructor {} message __proto__ {} message hasOwnProperty {}
message Object {} message Partial {} message Uint8Array {} message globalThis {} message Array {} message Promise {}
message Message {} message GenMessage {} message Error {} message Date {} message Function {} message undefined {}
message any {} message number {} message bigint {} message boolean {} message let {} message await {} message async {}
message export { message import { message from {} } enum enum { A = 0; } }
`,
  "clashes.proto": `syntax = "proto3";
package clashes;
message A { message B { message C {} } enum E { E0 = 0; } map<string, B> m = 1; }
message A_B {} message A_B_C {} message A_E {}
message Foo {} message FooSchema {} message FooSchemaSchema {}
enum Bar { BAR = 0; } message BarSchema {}
message file_clashes {} message file_clashesSchema {}
service Foo_ { rpc Do(Foo) returns (Foo); } message Foo_Schema {}
service BazSchema {} message Baz {}
message Order {} message order {} message ORDER {}
`,
  "unicode/deep-path.v1/x.y.proto": `syntax = "proto3";
message NoPackage { message Inner {} } message NoPackage_Inner {} message file_unicode_deep_path_v1_x_y {}
`,
  "proto2.proto": `syntax = "proto2";
package legacy;
message Ext { extensions 100 to 200; optional group Result = 1 { optional int32 x = 1; } }
extend Ext { optional int32 extSchema = 100; optional int32 Third = 101; }
message Other { extend Ext { optional int32 OtherSchema = 102; } }
message ext {} message ThirdSchema {} message Other_OtherSchema {}
`,
  "editions.proto": `edition = "2023";
package editions;
message Box { message Box_ { message Schema {} } } message Box_Box_ {} message Box_Box_Schema {}
message Line { Part part = 1 [features.message_encoding = DELIMITED]; message Part {} } message Line_Part {}
`,
};

const request = compileProto(hostile);
const { files } = readSource(request);
const output = runExternalPlugin("protoc-gen-es", request, "target=ts");

describe("esNames", () => {
  it.each(files.map((file) => ({ file, name: file.name })))(
    "of the file $name are those of protoc-gen-es",
    ({ file }) => {
      const theirs = readExports(output.get(`${file.name}_pb.ts`) ?? "");
      const ours = messagesOf(file).map((message) => [message.typeName, esNames(message)]);
      expect(ours.length).toBeGreaterThan(0);
      expect(Object.fromEntries(ours)).toEqual(theirs);
    },
  );

  it("the test protos contain collisions", () => {
    const all = files.flatMap(messagesOf).map(esNames);
    expect(all.filter(({ type }) => type.endsWith("$")).length).toBeGreaterThan(10);
    expect(all.filter(({ schema }) => schema.endsWith("$")).length).toBeGreaterThan(5);
  });
});

function messagesOf(file: DescFile): DescMessage[] {
  return [...nestedTypes(file)].filter((desc) => desc.kind === "message");
}

/** The names of each message, from the comment above its schema. */
function readExports(text: string): { [typeName: string]: { type: string; schema: string } } {
  const pattern = /Describes the message ([\w.]+)\.\n[\s\S]*?\nexport const (\S+): GenMessage[$\d]*<([\w$]+)/g;
  const found = [...text.matchAll(pattern)].map(([, typeName = "", schema = "", type = ""]) => [
    typeName,
    { type, schema },
  ]);
  return Object.fromEntries(found);
}
