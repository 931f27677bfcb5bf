// The test protos of two other generators, go-proto-gql (test/testdata, 2022) and proto-graphql-js
// (devPackages/testapis-proto, 2026). The constructs are theirs, in messages of our own. A comment describes what each of
// them generates.
import { buildSchema, type GraphQLSchema, isEnumType, isInputObjectType, isObjectType, isUnionType } from "graphql";
import { expect, it } from "vitest";
import { compileProto, emitGraphQL } from "../../testing/index.js";

const wellKnown = ["any", "empty", "struct", "timestamp", "wrappers"].map((name) => `google/protobuf/${name}`);
const imports = ["google/api/field_behavior", "potter/v1/graphql", ...wellKnown];

/** The schema of protos. The first has a service that receives and returns each of the named messages. */
function read(
  messages: readonly string[],
  declarations: string,
  others: Readonly<Record<string, string>> = {},
): GraphQLSchema {
  const used = Object.keys(others).map((path) => `import "${path}";`);
  const echoes = messages.map((name) => `rpc Echo${name}(${name}) returns (${name});`);
  const head = ['syntax = "proto3"; package peers;', ...imports.map((path) => `import "${path}.proto";`), ...used];
  const proto = [...head, `service Echo { ${echoes.join(" ")} }`, declarations].join("\n");
  return buildSchema(emitGraphQL(compileProto({ "peers.proto": proto, ...others }), {})["schema.graphql"] ?? "");
}

/** The members of a type, one per line. */
function printMembers(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name);
  if (isObjectType(type) || isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => `${field.name}: ${String(field.type)}`);
  }
  if (isUnionType(type)) return type.getTypes().map((one) => one.name);
  return isEnumType(type) ? type.getValues().map((value) => value.name) : [];
}

const scalars: readonly (readonly [string, string])[] = [
  ["double", "Float"],
  ["float", "Float"],
  ["int32", "Int"],
  ["int64", "Int64"],
  ["uint32", "UInt32"],
  ["uint64", "UInt64"],
  ["sint32", "Int"],
  ["sint64", "Int64"],
  ["fixed32", "UInt32"],
  ["fixed64", "UInt64"],
  ["sfixed32", "Int"],
  ["sfixed64", "Int64"],
  ["bool", "Boolean"],
  ["string", "String"],
  ["bytes", "Bytes"],
];

// go-proto-gql: all integers are Int, so those of 64 bits overflow. proto-graphql-js: String, or a scalar Int64 by
// option.
it("scalars keep their range; list items are non-null", () => {
  const fields = scalars.map(
    ([type], at) => `${type} ${type}_x = ${at + 1}; repeated ${type} ${type}_s = ${at + 101};`,
  );
  const schema = read(["Scalars"], `message Scalars { ${fields.join(" ")} }`);
  const expected = scalars.flatMap(([type, shown]) => [`${type}X: ${shown}!`, `${type}S: [${shown}!]!`]);
  expect(printMembers(schema, "Scalars")).toEqual(expected);
  expect(printMembers(schema, "ScalarsInput")).toEqual(expected.map((line) => line.replace(/!$/, "")));
});

// go-proto-gql: lists of entries with nullable keys and values. proto-graphql-js: its protos have no maps.
it("maps are lists of entries with typed keys", () => {
  const keys = scalars.filter(([type]) => !/^(double|float|bytes)$/.test(type));
  const values = ["bytes", "float", "double", "Foo", "Bar"];
  const schema = read(
    ["Maps"],
    `message Maps {
      ${keys.map(([type], at) => `map<${type}, ${type}> by_${type} = ${at + 1};`).join(" ")}
      ${values.map((type, at) => `map<string, ${type}> to_${type.toLowerCase()} = ${at + 101};`).join(" ")}
    }
    message Foo { string param = 1; }
    enum Bar { BAR_A = 0; }`,
  );
  const entry = (field: string) =>
    printMembers(
      schema,
      String(printMembers(schema, "Maps").find((line) => line.startsWith(`${field}: `))).replace(
        /^.*\[(\w+)!\]!$/,
        "$1",
      ),
    );
  for (const [type, shown] of keys) {
    const name = `by${type[0]?.toUpperCase()}${type.slice(1)}`;
    expect([name, entry(name)]).toEqual([name, [`key: ${shown}!`, `value: ${shown}!`]]);
  }
  expect(entry("toBytes")).toEqual(["key: String!", "value: Bytes!"]);
  expect(entry("toFoo")).toEqual(["key: String!", "value: Foo!"]);
  expect(entry("toBar")).toEqual(["key: String!", "value: Bar!"]);
});

// go-proto-gql: a union of one wrapper type per member, and inputs that accept any number of members, marked by
// directives. proto-graphql-js: a union of messages only; inputs are flattened; two members of one type produce an
// invalid union.
it("oneofs are unions of all their members, and inputs with exactly one field", () => {
  const schema = read(
    ["Parent"],
    `message Parent {
      string plain = 1;
      oneof only_messages { Text text = 2; Image image = 3; }
      oneof mixed { int32 count = 4; Text member = 5; Status status = 6; }
      oneof same { string first = 7; string second = 8; }
      oneof alone { string single = 9; }
      oneof twins { Image left = 10; Image right = 11; }
    }
    message Text { string body = 1; }
    message Image { string image_url = 1; }
    enum Status { STATUS_UNSPECIFIED = 0; STATUS_OPEN = 1; }`,
  );
  expect(printMembers(schema, "Parent")).toEqual([
    "plain: String!",
    "onlyMessages: ParentOnlyMessages",
    "mixed: ParentMixed",
    "same: ParentSame",
    "alone: ParentAlone",
    "twins: ParentTwins",
  ]);
  expect(printMembers(schema, "ParentOnlyMessages")).toEqual(["Text", "Image"]);
  expect(printMembers(schema, "ParentMixed")).toEqual(["ParentMixedCount", "Text", "ParentMixedStatus"]);
  expect(printMembers(schema, "ParentTwins")).toEqual(["Image", "ParentTwinsRight"]);
  expect(printMembers(schema, "ParentMixedInput")).toEqual(["count: Int", "member: TextInput", "status: Status"]);
  for (const name of [
    "ParentOnlyMessagesInput",
    "ParentMixedInput",
    "ParentSameInput",
    "ParentAloneInput",
    "ParentTwinsInput",
  ]) {
    const type = schema.getType(name);
    expect([name, isInputObjectType(type) && type.isOneOf]).toEqual([name, true]);
  }
});

// go-proto-gql: everything is nullable unless an option says otherwise. proto-graphql-js: the same, but comments
// ("Required.", "Output only.") decide.
it("nullability follows presence and field behavior, not comments", () => {
  const schema = read(
    ["Message"],
    `message Message {
      string value = 1;
      optional string maybe = 2;
      Nested nested = 3;
      Nested sure = 4 [(google.api.field_behavior) = REQUIRED];
      // Required.
      Nested said = 5;
      Nested shown = 6 [(google.api.field_behavior) = OUTPUT_ONLY];
      Nested written = 7 [(google.api.field_behavior) = INPUT_ONLY, (google.api.field_behavior) = REQUIRED];
      google.protobuf.StringValue wrapped = 8;
    }
    message Nested { string body = 1; }`,
  );
  expect(printMembers(schema, "Message")).toEqual([
    "value: String!",
    "maybe: String",
    "nested: Nested",
    "sure: Nested",
    "said: Nested",
    "shown: Nested",
    "wrapped: String",
  ]);
  expect(printMembers(schema, "MessageInput")).toEqual([
    "value: String",
    "maybe: String",
    "nested: NestedInput",
    "sure: NestedInput!",
    "said: NestedInput",
    "written: NestedInput!",
    "wrapped: String",
  ]);
});

// go-proto-gql: a Boolean response, and no field for empty messages. proto-graphql-js: a dummy field.
it("empty messages stay types, even recursive ones", () => {
  const schema = read(
    ["Empty", "Recursive", "Outer"],
    `message Empty {}
    message Recursive { google.protobuf.Empty nothing = 1; Recursive again = 2; }
    message Outer { message Inner { Outer around = 1; } Inner inner = 1; }`,
  );
  expect(printMembers(schema, "Empty")).toHaveLength(1);
  expect(printMembers(schema, "Empty")[0]).toMatch(/^_: \w+$/);
  expect(printMembers(schema, "Recursive")).toEqual(["nothing: GoogleProtobufEmpty", "again: Recursive"]);
  expect(printMembers(schema, "OuterInner")).toEqual(["around: Outer"]);
});

// go-proto-gql: names with underscores (`Ref_Foo_Bar_En`), and numbers for collisions. proto-graphql-js:
// `ParentMessageNestedMessage`; enums lose their prefix and the unspecified value.
it("nested names are joined, and collisions are resolved by package", () => {
  const schema = read(
    ["Ref", "Timestamp", "Any"],
    `message Ref {
      message Bar { string param = 1; }
      message Foo {
        enum En { A0 = 0; A1 = 1; }
        message Bar { enum En { EN_A0 = 0; EN_A1 = 1; } string param = 1; }
        Bar own = 1; Ref.Bar outer = 2; En en = 3; Bar.En deep = 4;
      }
      Foo foo = 1; Timestamp mine = 2; google.protobuf.Timestamp theirs = 3; google.protobuf.Any any = 4; Any own_any = 5;
      peers.a.Meeting here = 6; peers.b.Meeting there = 7;
    }
    message Timestamp { string time = 1; }
    message Any { string param = 1; }`,
    {
      "a.proto": 'syntax = "proto3"; package peers.a; message Meeting { string a = 1; }',
      "b.proto": 'syntax = "proto3"; package peers.b; message Meeting { string b = 1; }',
    },
  );
  expect(printMembers(schema, "RefFoo")).toEqual([
    "own: RefFooBar",
    "outer: RefBar",
    "en: RefFooEn!",
    "deep: RefFooBarEn!",
  ]);
  expect(printMembers(schema, "RefFooEn")).toEqual(["A0", "A1"]);
  expect(printMembers(schema, "RefFooBarEn")).toEqual(["A0", "A1"]);
  expect(printMembers(schema, "Ref")).toEqual([
    "foo: RefFoo",
    "mine: Timestamp",
    "theirs: DateTime",
    "any: Any",
    "ownAny: PeersAny",
    "here: Meeting",
    "there: PeersBMeeting",
  ]);
});

// go-proto-gql: the service as prefix of each name, all mutations unless an option says otherwise. proto-graphql-js:
// no services yet.
it("rpcs become fields of the root type of their kind", () => {
  const schema = read(
    ["Data"],
    `message Data { string x = 1; }
    service Feed {
      rpc Change(Data) returns (Data);
      rpc Look(Data) returns (Data) { option idempotency_level = NO_SIDE_EFFECTS; }
      rpc Watch(Data) returns (stream Data);
      rpc Publish(stream Data) returns (Data);
      rpc Hidden(Data) returns (Data) { option (potter.v1.graphql_method).ignore = true; }
      rpc Called(Data) returns (Data) { option (potter.v1.graphql_method).name = "newName"; }
    }`,
  );
  expect(printMembers(schema, "Mutation")).toEqual(["echoData: Data", "change: Data", "newName: Data"]);
  expect(printMembers(schema, "Query")).toEqual(["look: Data"]);
  expect(printMembers(schema, "Subscription")).toEqual(["watch: Data"]);
});
