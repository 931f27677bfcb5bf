// Names on which other GraphQL generators fail: of scalars, of google's messages, nested, and in two packages.
import { buildSchema } from "graphql";
import { expect, it } from "vitest";
import { compileProto, emitGraphQL } from "../../../testing/index.js";

function write(files: Readonly<Record<string, string>>): string {
  const text = emitGraphQL(compileProto(files))["schema.graphql"] ?? "";
  buildSchema(text);
  return text;
}

it("a message named like a scalar or a google type has its package as prefix", () => {
  const text = write({
    "names.proto": `syntax = "proto3";
package odd_names.v1;
import "google/protobuf/any.proto";
import "google/protobuf/empty.proto";
service Names {
  rpc Any_(google.protobuf.Any) returns (Any);
  rpc Empty_(google.protobuf.Empty) returns (Empty);
  rpc Other(Empty) returns (google.protobuf.Empty);
  rpc Ask(String) returns (Query);
}
message Any { string text = 1; }
message Empty { Timestamp at = 1; }
message Timestamp { string time = 1; }
message String { string text = 1; }
message Query { Mutation mutation = 1; }
message Mutation { string text = 1; }
`,
  });
  expect(text).toMatch(/^ {2}any_\(input: Any\): OddNamesV1Any$/m);
  expect(text).toMatch(/^ {2}empty_: Empty$/m);
  expect(text).toMatch(/^ {2}other\(input: EmptyInput\): GoogleProtobufEmpty$/m);
  expect(text).toMatch(/^ {2}ask\(input: StringInput\): OddNamesV1Query$/m);
  expect(text).toContain("type OddNamesV1Query {\n  mutation: OddNamesV1Mutation\n}");
  expect(text).toContain("type Empty {\n  at: Timestamp\n}");
});

it("nested messages and enums of one name include their parent", () => {
  const text = write({
    "nested.proto": `syntax = "proto3";
package nested;
service Nested { rpc GetRef(Ref) returns (Ref); }
message Bar { string text = 1; }
message Ref {
  message Bar { string text = 1; }
  message Foo {
    enum En { A0 = 0; }
    message Bar { enum En { A0 = 0; } En en = 1; }
    Bar inner = 1;
    Ref.Bar outer = 2;
    En en = 3;
  }
  Foo foo = 1;
  .nested.Bar file = 2;
}
`,
  });
  expect(text).toContain("type RefFoo {\n  inner: RefFooBar\n  outer: RefBar\n  en: RefFooEn!\n}");
  expect(text).toContain("type Ref {\n  foo: RefFoo\n  file: Bar\n}");
  expect(text).toContain("type RefFooBar {\n  en: RefFooBarEn!\n}");
});

it("of messages with one name in two packages, the first by file keeps the name", () => {
  const one = (pkg: string): string => `syntax = "proto3";\npackage ${pkg};\nmessage Kind { string ${pkg} = 1; }\n`;
  const text = write({
    "a.proto": one("a"),
    "b.proto": one("b"),
    "c.proto": `syntax = "proto3";
package c;
import "a.proto";
import "b.proto";
service C { rpc GetBoth(Both) returns (Both); }
message Both { b.Kind from_b = 1; a.Kind from_a = 2; oneof choice { int32 count = 3; b.Kind one = 4; a.Kind other = 5; b.Kind more = 6; } }
`,
  });
  expect(text).toContain("type Both {\n  fromB: BKind\n  fromA: Kind\n  choice: BothChoice\n}");
  expect(text).toContain("union BothChoice = BothChoiceCount | BKind | Kind | BothChoiceMore\n");
  expect(text).toContain(
    "input BothChoiceInput @oneOf {\n  count: Int\n  one: BKindInput\n  other: KindInput\n  more: BKindInput\n}",
  );
});
