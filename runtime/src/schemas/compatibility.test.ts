import { describe, expect, it } from "vitest";
import { findMisreadings } from "./compatibility.js";
import { contractsOf, withoutPackage } from "./contract.fixture.js";

/** A name, two declarations of M, and the fault if there is one. */
type Case = readonly [name: string, older: string, newer: string, fault?: string];

/** Each case with the faults that are found. */
function compareAll(cases: readonly Case[], syntax = ""): readonly (readonly [string, readonly string[], string])[] {
  const wrap = (text: string) => syntax + (text.includes("message M") ? text : `message M { ${text} }`);
  const found = contractsOf(cases.flatMap(([, older, newer]) => [wrap(older), wrap(newer)]));
  return cases.map(([name, , , fault = ""], i) => {
    const [older, newer] = [found[2 * i]?.("M"), found[2 * i + 1]?.("M")];
    if (older === undefined || newer === undefined) throw new Error(`there is no M: ${name}`);
    return [name, findMisreadings(older, newer).map(({ text }) => withoutPackage(text)), fault];
  });
}

const allowed: readonly Case[] = [
  ["nothing", "string a = 1;", "string a = 1;"],
  ["a new field", "string a = 1;", "string a = 1; int32 b = 2;"],
  ["a field that went", "string a = 1; int32 b = 2;", "string a = 1; reserved 2;"],
  ["another name", "string a = 1;", "string b = 1;"],
  ["another name, and the old one for something new", "string a = 1;", "string b = 1; string a = 2;"],
  ["another order", "string a = 1; int32 b = 2;", "int32 b = 2; string a = 1;"],
  ["presence", "string a = 1;", "optional string a = 1;"],
  ["no presence", "optional int32 a = 1;", "int32 a = 1;"],
  [
    "wider numbers",
    "int32 a = 1; uint32 b = 2; sint32 c = 3; repeated int32 d = 4;",
    "int64 a = 1; uint64 b = 2; sint64 c = 3; repeated int64 d = 4;",
  ],
  ["bytes for text", "string a = 1;", "bytes a = 1;"],
  ["another packing", "repeated int32 a = 1;", "repeated int32 a = 1 [packed = false];"],
  [
    "another name of a type",
    "message M { A a = 1; } message A { int32 x = 1; }",
    "message M { B a = 1; } message B { int32 x = 1; }",
  ],
  [
    "a new value of an enum",
    "message M { E a = 1; } enum E { Z = 0; }",
    "message M { E a = 1; } enum E { Z = 0; Y = 1; }",
  ],
  [
    "another name of a value",
    "message M { E a = 1; } enum E { Z = 0; Y = 1; }",
    "message M { E a = 1; } enum E { Z = 0; W = 1; }",
  ],
  ["a value that went", "message M { E a = 1; } enum E { Z = 0; Y = 1; }", "message M { E a = 1; } enum E { Z = 0; }"],
  ["one field into a oneof", "string a = 1;", "oneof x { string a = 1; int32 b = 2; }"],
  ["a oneof that went", "oneof x { string a = 1; int32 b = 2; }", "string a = 1; int32 b = 2;"],
  [
    "a oneof with more members",
    "oneof x { string a = 1; int32 b = 2; }",
    "oneof y { string a = 1; int32 b = 2; bytes c = 3; }",
  ],
  ["a map", "map<string, int32> a = 1;", "map<string, int32> a = 1;"],
  [
    "a message that holds itself",
    "message M { M a = 1; repeated M b = 2; map<string, M> c = 3; }",
    "message M { M a = 1; repeated M b = 2; map<string, M> c = 3; int32 d = 4; }",
  ],
];

const refused: readonly Case[] = [
  ["another type", "string a = 1;", "int32 a = 1;", "t.M.a, number 1, was string and is int32"],
  [
    "another type under another name",
    "string a = 1;",
    "int32 b = 1;",
    "t.M.b, number 1, was string (then named a) and is int32",
  ],
  ["narrower numbers", "int64 a = 1;", "int32 a = 1;", "t.M.a, number 1, was int64 and is int32"],
  ["another way to write numbers", "int32 a = 1;", "sint32 a = 1;", "t.M.a, number 1, was int32 and is sint32"],
  ["a sign", "uint64 a = 1;", "int64 a = 1;", "t.M.a, number 1, was uint64 and is int64"],
  ["text for bytes", "bytes a = 1;", "string a = 1;", "t.M.a, number 1, was bytes and is string"],
  ["bool for a number", "int32 a = 1;", "bool a = 1;", "t.M.a, number 1, was int32 and is bool"],
  [
    "a number for an enum",
    "message M { E a = 1; } enum E { Z = 0; }",
    "int32 a = 1;",
    "t.M.a, number 1, was an enum and is int32",
  ],
  ["many for one", "string a = 1;", "repeated string a = 1;", "t.M.a, number 1, was string and is repeated string"],
  ["one for many", "repeated string a = 1;", "string a = 1;", "t.M.a, number 1, was repeated string and is string"],
  [
    "a message for bytes",
    "bytes a = 1;",
    "message M { A a = 1; } message A {}",
    "t.M.a, number 1, was bytes and is a message",
  ],
  [
    "another key of a map",
    "map<string, int32> a = 1;",
    "map<int32, int32> a = 1;",
    "t.M.a, number 1, was map<string, int32> and is map<int32, int32>",
  ],
  [
    "another value of a map",
    "map<string, int32> a = 1;",
    "map<string, string> a = 1;",
    "t.M.a, number 1, was map<string, int32> and is map<string, string>",
  ],
  [
    "a list for a map",
    "map<string, int32> a = 1;",
    "message M { repeated A a = 1; } message A {}",
    "t.M.a, number 1, was map<string, int32> and is repeated message",
  ],
  ["another number", "string a = 1;", "string a = 2;", "t.M.a has moved from number 1 to 2"],
  [
    "exchanged numbers",
    "string a = 1; string b = 2;",
    "string b = 1; string a = 2;",
    "t.M.a has moved from number 1 to 2",
  ],
  [
    "a type within",
    "message M { A a = 1; } message A { int32 x = 1; }",
    "message M { A a = 1; } message A { string x = 1; }",
    "t.A.x, number 1, was int32 and is string",
  ],
  [
    "a type within a map",
    "message M { map<string, A> a = 1; } message A { int32 x = 1; }",
    "message M { map<string, A> a = 1; } message A { string x = 1; }",
    "t.A.x, number 1, was int32 and is string",
  ],
  [
    "two fields into one oneof",
    "string a = 1; int32 b = 2;",
    "oneof x { string a = 1; int32 b = 2; }",
    "fields 1 and 2 of t.M could be set together and exclude one another now (x)",
  ],
  [
    "a field into a oneof that was there",
    "oneof x { string a = 1; } int32 b = 2;",
    "oneof x { string a = 1; int32 b = 2; }",
    "fields 1 and 2 of t.M could be set together and exclude one another now (x)",
  ],
  [
    "renumbered values",
    "message M { E a = 1; } enum E { Z = 0; A = 1; B = 2; }",
    "message M { E a = 1; } enum E { Z = 0; B = 1; C = 2; }",
    "B of the enum t.E was 2 and is 1",
  ],
];

const refusedInProto2: readonly Case[] = [
  [
    "an optional field that is required now",
    "optional string a = 1;",
    "required string a = 1;",
    "t.M.a has become required",
  ],
  [
    "a new required field",
    "optional string a = 1;",
    "optional string a = 1; required int32 b = 2;",
    "t.M.b has become required",
  ],
  [
    "a group for a message",
    "message M { optional A a = 1; } message A {}",
    "message M { optional group A = 1 {} }",
    "t.M.a, number 1, was a message and is a group",
  ],
  [
    "a value of a closed enum that went",
    "message M { optional E a = 1; } enum E { Z = 0; Y = 1; }",
    "message M { optional E a = 1; } enum E { Z = 0; }",
    "the closed enum t.E has no value 1 any more (Y)",
  ],
];

const required: Case = ["a required field to be optional", "required string a = 1;", "optional string a = 1;"];

describe("findMisreadings", () => {
  it.each(compareAll(allowed))("allows %s", (_, found) => {
    expect(found).toEqual([]);
  });

  it.each(compareAll(refused))("refuses %s", (_, found, fault) => {
    expect(found).toContain(fault);
  });

  it.each(compareAll(refusedInProto2, 'syntax = "proto2";'))("refuses %s", (_, found, fault) => {
    expect(found).toEqual([fault]);
  });

  it.each(compareAll([required], 'syntax = "proto2";'))("allows %s", (_, found) => {
    expect(found).toEqual([]);
  });
});
