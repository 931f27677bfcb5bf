// Compares our names with those of ts-proto itself: it runs on the same request, and its interfaces are read.
import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { describe, expect, it } from "vitest";
import { readSource } from "../descriptors/index.js";
import { compileProto, runExternalPlugin } from "../testing/index.js";
import { tsProtoLibrary } from "./ts-proto.js";

const hostile = {
  "words.proto": `syntax = "proto3";
package words;
message Date {} message Function {} message Error { string x = 1; } message delete_me {} message Array {}
message lower {} message snake_case_name {} message Mixed_Case {} message UPPER_CASE {} message Order2_b {}
message Outer { message inner_one { message Deepest_ {} } message Date {} }
`,
  "fields.proto": `syntax = "proto3";
package fields;
message Fields {
  string plain = 1;
  string two_words = 2;
  string camelCase = 3;
  string PascalCase = 4;
  string UPPER_CASE = 5;
  string UPPER = 6;
  string Mixed_CASE = 7;
  string with_1_digit = 8;
  string trailing_ = 10;
  string two__underscores = 11;
  string delete = 12;
  string constructor = 13;
  string hasOwnProperty = 14;
  string a_b_c = 15;
  optional string maybe_not = 16;
  repeated string many_times = 17;
  map<string, int64> by_name = 18;
  string x_Y = 19;
  string id2_name = 20;
  string A_b = 21;
}
message Leading { string _leading = 1; }
`,
  "deep/v1/no_package.proto": `syntax = "proto3";
message no_package { message Inner { string of_inner = 1; } }
`,
};

const request = compileProto(hostile);
const { files } = readSource(request);
const options = "esModuleInterop=true,importSuffix=.js,outputServices=none,forceLong=bigint,oneof=unions-value";
// The type's full name in its interface identifies the message; it changes nothing else.
const annotated = runExternalPlugin("protoc-gen-ts_proto", request, `${options},outputTypeAnnotations=true`);
const plain = runExternalPlugin("protoc-gen-ts_proto", request, options);

describe("the names of ts-proto", () => {
  it.each(files.map((file) => ({ file, name: file.name })))(
    "for the messages of the file $name are its own",
    ({ file }) => {
      const theirs = readInterfaces(annotated.get(`${file.name}.ts`) ?? "");
      const ours = messagesOf(file).map((message) => [
        message.typeName,
        {
          name: tsProtoLibrary.type(message).name,
          properties: message.fields.map((field) => tsProtoLibrary.property(field)).sort(),
        },
      ]);
      expect(ours.length).toBeGreaterThan(0);
      expect(theirs).toEqual(Object.fromEntries(ours));
    },
  );

  it.each(files.map((file) => ({ file, name: file.name })))(
    "for the file $name are exported as type and functions",
    ({ file }) => {
      const text = plain.get(`${file.name}.ts`) ?? "";
      const names = messagesOf(file).map((message) => tsProtoLibrary.type(message).name);
      expect(names.filter((name) => !text.includes(`\nexport interface ${name} {`))).toEqual([]);
      expect(names.filter((name) => !text.includes(`\nexport const ${name}: MessageFns<${name}> = {`))).toEqual([]);
    },
  );
});

function messagesOf(file: DescFile): DescMessage[] {
  return [...nestedTypes(file)].filter((desc) => desc.kind === "message");
}

/** Name and properties of each message's interface; those that stand for entries of maps are left out. */
function readInterfaces(text: string): { [typeName: string]: { name: string; properties: string[] } } {
  const interfaces = [...text.matchAll(/^export interface (\S+) \{\n {2}\$type: "([\w.]+)";?\n([\s\S]*?)^\}/gm)];
  return Object.fromEntries(
    interfaces
      .filter(([, , typeName = ""]) => !typeName.endsWith("Entry"))
      .map(([, name = "", typeName = "", body = ""]) => {
        const properties = [...body.matchAll(/^ {2}"?([\w$]+)"?\??:/gm)].map(([, property = ""]) => property).sort();
        return [typeName, { name, properties }];
      }),
  );
}
