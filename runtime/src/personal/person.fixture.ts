import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { compileProto } from "../../../generator/src/testing/index.js";

const messages = `
message Address {
  string city = 1;
  string street = 2 [(potter.v1.field).personal = true];
  repeated int32 codes = 3;
}
message Person {
  enum Mood { MOOD_UNSPECIFIED = 0; MOOD_GOOD = 1; }
  string id = 1 [(potter.v1.field).subject = true];
  string email = 2 [(potter.v1.field).personal = true];
  repeated sint32 scores = 3 [(potter.v1.field).personal = true];
  repeated string nicknames = 4 [(potter.v1.field).personal = true];
  map<string, int64> accounts = 5 [(potter.v1.field).personal = true];
  Address home = 6;
  repeated Address former = 7;
  map<string, Address> places = 8;
  Person spouse = 9;
  repeated Person friends = 10;
  oneof contact {
    string phone = 11 [(potter.v1.field).personal = true];
    int32 extension = 12;
    Address letters = 13;
  }
  Mood mood = 14 [(potter.v1.field).personal = true];
  fixed64 born = 15 [(potter.v1.field).personal = true];
  float height = 16 [(potter.v1.field).personal = true];
  Address hidden = 17 [(potter.v1.field).personal = true];
  repeated fixed32 open_numbers = 18;
  bytes photo = 2000 [(potter.v1.field).personal = true];
}
message Clash {
  string email = 1 [(potter.v1.field).personal = true];
  string note = 536870911;
}`;

/** A person in each edition of proto, with personal fields of every kind. */
const sources = {
  "people/v3.proto": `syntax = "proto3"; package people.v3; import "potter/v1/options.proto"; ${messages}`,
  "people/v2.proto": `syntax = "proto2"; package people.v2; import "potter/v1/options.proto";
message Person {
  optional string id = 1 [(potter.v1.field).subject = true];
  optional string email = 2 [(potter.v1.field).personal = true];
  repeated int32 scores = 3 [(potter.v1.field).personal = true, packed = true];
  repeated group Place = 4 { optional string city = 1; optional string street = 2 [(potter.v1.field).personal = true]; optional Person host = 3; }
  optional group Secret = 5 [(potter.v1.field).personal = true] { optional string word = 1; }
  oneof contact { string phone = 6 [(potter.v1.field).personal = true]; group Office = 7 { optional string desk = 1 [(potter.v1.field).personal = true]; } }
}`,
  "people/v2023.proto": `edition = "2023"; package people.v2023; import "potter/v1/options.proto";
option features.message_encoding = DELIMITED;
message Address { string city = 1; string street = 2 [(potter.v1.field).personal = true]; Address next = 3; }
message Person {
  string id = 1 [(potter.v1.field).subject = true];
  string email = 2 [(potter.v1.field).personal = true, features.field_presence = IMPLICIT];
  repeated sint64 scores = 3 [(potter.v1.field).personal = true, features.repeated_field_encoding = EXPANDED];
  Address home = 4;
  repeated Address former = 5 [features.message_encoding = LENGTH_PREFIXED];
  map<int32, Address> places = 6;
  Address hidden = 7 [(potter.v1.field).personal = true];
  oneof contact { string phone = 8 [(potter.v1.field).personal = true]; Address letters = 9; }
}`,
};

const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: compileProto(sources).protoFile }));

export function personOf(edition: "v2" | "v3" | "v2023", name = "Person"): DescMessage {
  return registry.getMessage(`people.${edition}.${name}`) as DescMessage;
}
