import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { compileProto } from "../../../generator/src/testing/index.js";
import type { AnyMethod } from "../cqrs/index.js";
import { type AnyCodec, es } from "../message/index.js";
import { checkSchedulable, scheduleTableOf } from "./schedule-row.js";

const header = `
message Full {
  string id = 1;
  map<string, Line> lines = 2;
  oneof place { string street = 3; Line line = 4; }
  repeated Line more = 5;
  Kind kind = 6;
  optional int32 count = 7;
  enum Kind { KIND_UNSPECIFIED = 0; KIND_ONE = 1; }
  message Line { string sku = 1; map<int64, bytes> codes = 2; }
}
message Owned {
  string person = 1 [(potter.v1.field).subject = true];
  string address = 2 [(potter.v1.field).personal = true];
}
message Ownerless { string address = 1 [(potter.v1.field).personal = true]; }`;
const sources = {
  "a/v1/a.proto": `syntax = "proto3"; package a.v1; import "potter/v1/options.proto"; ${header}`,
  "b/v1/b.proto": `edition = "2023"; package b.v1; message Explicit { string id = 1; int32 count = 2; }`,
};
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: compileProto(sources).protoFile }));
const codecOf = (name: string) => es(registry.getMessage(name) as DescMessage) as unknown as AnyCodec;
const methodOf = (name: string) =>
  ({ service: "a.v1.S", name: "Do", kind: "command", stream: "unary", request: codecOf(name) }) as unknown as AnyMethod;
const values = { due: 5, at: 7, attempts: 2, claimed: true, error: "internal", text: "{}" };

describe("the row of a scheduled command", () => {
  it.each([
    ["a.v1.Full", {}],
    [
      "a.v1.Full",
      {
        id: "1",
        lines: { a: { sku: "x", codes: { "5": "AQI=" } } },
        line: { sku: "y" },
        more: [{ sku: "z" }, {}],
        kind: "KIND_ONE",
        count: 0,
      },
    ],
    ["a.v1.Full", { street: "Main" }],
    ["b.v1.Explicit", { id: "", count: 0 }],
    ["b.v1.Explicit", {}],
  ])("holds any request of %s", (name, json) => {
    const { request } = methodOf(name);
    const { table, toRow, headerOf, requestOf, change } = scheduleTableOf(methodOf(name));
    const message = request.fromJson(json as never);
    const row = table.codec.decode(table.codec.encode(toRow(values, request.encode(message))));
    expect(headerOf(row)).toEqual(values);
    expect(request.toJson(request.decode(requestOf(row)))).toEqual(request.toJson(message));
    const changed = table.codec.decode(table.codec.encode(change(row, { due: 0, error: "" })));
    expect(headerOf(changed)).toEqual({ ...values, due: 0, error: "" });
    expect(request.toJson(request.decode(requestOf(changed)))).toEqual(request.toJson(message));
  });

  it("is refused where personal fields could not be encrypted, and for other methods", () => {
    expect(() => checkSchedulable(methodOf("a.v1.Owned"))).not.toThrow();
    expect(() => checkSchedulable(methodOf("a.v1.Ownerless"))).toThrow(
      "a.v1.Ownerless has personal fields, but no field with (potter.v1.field).subject that names whose they are",
    );
    expect(() => checkSchedulable({ ...methodOf("a.v1.Full"), kind: "query" })).toThrow("it is not a command");
    expect(() => checkSchedulable({ ...methodOf("a.v1.Full"), stream: "server" })).toThrow("it is not a command");
  });
});
