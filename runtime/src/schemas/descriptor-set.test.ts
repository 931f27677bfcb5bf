import {
  create,
  createFileRegistry,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OrderPlacedSchema } from "../../../examples/shop/gen/shop/orders/v1/orders_pb.js";
import { compileProto, requestAll } from "../../../generator/src/testing/index.js";
import { listFiles, readText } from "../../../tests/sources.js";
import { arbitraryJson } from "../message/proto-json/arbitrary-json.fixture.js";
import { oddities } from "../message/proto-json/oddities.fixture.js";
import { personOf } from "../personal/person.fixture.js";
import { messagesOf } from "./contract.fixture.js";
import { toDescriptorSet } from "./descriptor-set.js";

function link(message: DescMessage): DescMessage {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, toDescriptorSet(message))).getMessage(
    message.typeName,
  ) as DescMessage;
}

function schemasOf(sources: Readonly<Record<string, string>>): readonly DescMessage[] {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: compileProto(sources).protoFile }));
  return [...registry].filter(
    (type) => type.kind === "message" && Object.keys(sources).includes(`${type.file.name}.proto`),
  ) as DescMessage[];
}

describe("toDescriptorSet", () => {
  it("contains the message and the types of its fields only", () => {
    const message = messagesOf(`
      import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto"; import "buf/validate/validate.proto";
      message Placed {
        // Of whom.
        string id = 1 [(buf.validate.field).string.min_len = 1];
        Outer.Inner inner = 2; map<string, Kind> kinds = 3; google.protobuf.Timestamp at = 4;
        message Unused { int32 a = 1; }
      }
      message Outer { string not_needed = 1; message Inner { Outer.Color color = 1; } enum Color { RED = 0; } enum Other { NONE = 0; } }
      enum Kind { ANY = 0; }
      message Elsewhere { google.protobuf.Duration wait = 1; }`)("Placed");
    const { file } = fromBinary(FileDescriptorSetSchema, toDescriptorSet(message));
    expect(file.map(({ name, dependency }) => [name, dependency])).toEqual([
      ["google/protobuf/timestamp.proto", []],
      ["t.proto", ["google/protobuf/timestamp.proto"]],
    ]);
    const names = file[1]?.messageType.map((one) => [
      one.name,
      one.field.map(({ name }) => name),
      one.nestedType.map(({ name }) => name),
    ]);
    expect(names).toEqual([
      ["Placed", ["id", "inner", "kinds", "at"], ["KindsEntry"]],
      ["Outer", [], ["Inner"]],
    ]);
    expect(file[1]?.messageType[1]?.enumType.map(({ name }) => name)).toEqual(["Color"]);
    expect(file[1]?.messageType[0]?.field[0]?.options).toBeUndefined();
    expect(toDescriptorSet(message).length).toBeLessThan(500);
  });

  it("is the same from generated code and from a compiler", () => {
    const folder = "examples/shop/proto/";
    const sources = listFiles(folder.slice(0, -1)).filter((file) => file.endsWith(".proto"));
    const files = Object.fromEntries(sources.map((file) => [file.slice(folder.length), readText(file)]));
    const compiled = schemasOf(files).find(({ typeName }) => typeName === OrderPlacedSchema.typeName) as DescMessage;
    expect(compiled).not.toBe(OrderPlacedSchema);
    expect(Buffer.from(toDescriptorSet(compiled)).toString("hex")).toBe(
      Buffer.from(toDescriptorSet(OrderPlacedSchema)).toString("hex"),
    );
  });

  it("does not change with comments, rules, services and unrelated messages", () => {
    const bare = messagesOf("message Placed { string id = 1; repeated int32 counts = 2; }")("Placed");
    const dressed = messagesOf(`
      import "buf/validate/validate.proto";
      service S { rpc Go(Placed) returns (Placed); }
      message Other { string id = 1; }
      // Words.
      message Placed { string id = 1 [(buf.validate.field).string.min_len = 1, deprecated = true]; repeated int32 counts = 2; }`)(
      "Placed",
    );
    expect([...toDescriptorSet(dressed)]).toEqual([...toDescriptorSet(bare)]);
    const other = messagesOf("message Placed { string id = 1; repeated int64 counts = 2; }")("Placed");
    expect([...toDescriptorSet(other)]).not.toEqual([...toDescriptorSet(bare)]);
  });

  const all = [
    ...schemasOf({ "test/odd/v1/odd.proto": oddities }),
    ...[...createFileRegistry(create(FileDescriptorSetSchema, { file: requestAll().protoFile }))].filter(
      (type): type is DescMessage => type.kind === "message" && type.typeName.startsWith("fixture."),
    ),
    ...(["v2", "v3", "v2023"] as const).map((edition) => personOf(edition)),
  ];

  it("reads every message of any edition as its own descriptor does", () => {
    expect(all.length).toBeGreaterThan(60);
    for (const message of all) {
      const stored = link(message);
      fc.assert(
        fc.property(arbitraryJson(message, 0) as fc.Arbitrary<JsonValue>, (json) => {
          const original = attempt(() => fromJson(message, json));
          const bytes = attempt(() => original && toBinary(message, original));
          if (original === undefined || bytes === undefined) return;
          const read = fromBinary(stored, bytes);
          expect(toBinary(stored, read)).toEqual(bytes);
          expect(attempt(() => toJson(stored, read))).toEqual(attempt(() => toJson(message, original)));
        }),
        { numRuns: 40 },
      );
    }
  });
});

/** undefined where it fails: a required field that is not set cannot be written, nor an Any of an unknown type in JSON. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
