import { create, createFileRegistry, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema, StructSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { compileProto } from "../../../generator/src/testing/index.js";
import { canonical } from "./canonical.js";
import { es, fingerprintOf } from "./index.js";

const source = `syntax = "proto3"; package c.v1;
message Box { map<string, int32> counts = 1; map<int32, Box> boxes = 2; repeated Box list = 3; Box one = 4; repeated string tags = 5; }
message Few { string name = 3; }`;
const registry = createFileRegistry(
  create(FileDescriptorSetSchema, { file: compileProto({ "c/v1/c.proto": source }).protoFile }),
);
const Box = registry.getMessage("c.v1.Box") as DescMessage;
const Few = registry.getMessage("c.v1.Few") as DescMessage;
const box = es(Box);
const print = (init: object) => fingerprintOf(box as never, box.create(init as never));
const reversed = (map: object) => Object.fromEntries(Object.entries(map).reverse());

describe("the fingerprint of a message", () => {
  const counts = { b: 1, a: 2, ab: 3, "": 0 };
  const inner = create(Box as never, { counts } as never);
  const other = create(Box as never, { counts: reversed(counts) } as never);

  it.each([
    ["of the message", { counts }, { counts: reversed(counts) }],
    ["of a message in it", { one: inner }, { one: other }],
    ["of a message in a list", { list: [inner, {}] }, { list: [other, {}] }],
    ["of a message in a map", { boxes: { 1: inner, 2: {} } }, { boxes: { 1: other, 2: {} } }],
  ])("is the same for a map %s in another order", (_, one, another) => {
    expect(print(one)).toBe(print(another));
    expect(print(one)).not.toBe(print({}));
  });

  it("is the same for a map whose keys are added in another order", () => {
    const struct = es(StructSchema);
    const of = (json: object) => fingerprintOf(struct as never, struct.fromJson(json as never));
    expect(of({ a: { x: 1, y: [{ p: 1, q: 2 }] }, b: null })).toBe(of({ b: null, a: { y: [{ q: 2, p: 1 }], x: 1 } }));
  });

  it.each([
    ["repeated fields in another order", { tags: ["a", "b"] }, { tags: ["b", "a"] }],
    ["messages in another order", { list: [inner, {}] }, { list: [{}, inner] }],
    ["another value in a map", { counts: { a: 1, b: 2 } }, { counts: { a: 2, b: 1 } }],
    ["an entry less", { counts: { a: 1, b: 2 } }, { counts: { a: 1 } }],
  ])("differs for %s", (_, one, another) => {
    expect(print(one)).not.toBe(print(another));
  });

  it("includes unknown fields, in any order", () => {
    const [a, b] = [new Uint8Array([0x08, 1]), new Uint8Array([0x12, 1, 65])];
    const read = (...parts: Uint8Array[]) => fromBinary(Few, Uint8Array.from(parts.flatMap((part) => [...part])));
    const few = es(Few);
    const of = (message: unknown) => fingerprintOf(few as never, message);
    expect(of(read(a, b))).toBe(of(read(b, a)));
    expect(of(read(a, b))).not.toBe(of(read(a)));
    expect(of(read(a, a, b))).toBe(of(read(a, b, a)));
    expect(of(read(a, new Uint8Array([0x08, 2])))).not.toBe(of(read(new Uint8Array([0x08, 2]), a)));
  });

  it("uses the same bytes if they are in order", () => {
    const bytes = toBinary(Box, create(Box as never, { counts: { a: 1 }, tags: ["b", "a"] } as never));
    expect(canonical(bytes, Box)).toBe(bytes);
  });

  it("accepts arbitrary bytes", () => {
    for (let length = 0; length < 40; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length * 11) % 256);
      expect(canonical(bytes, Box)).toHaveLength(length);
    }
  });
});
