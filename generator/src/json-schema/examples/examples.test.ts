// Examples from options and generated examples are valid by their schemas.
import { describe, expect, it } from "vitest";
import { compileProto, diagnosticsOf, documentOf } from "../../testing/index.js";
import type { Schema } from "../keywords/schema.js";

const read = (messages: string) =>
  compileProto({
    "shop.proto": `syntax = "proto3";
package shop;
import "buf/validate/validate.proto";
import "google/api/field_behavior.proto";
import "google/protobuf/any.proto";
import "potter/v1/openapi.proto";
service S { rpc Place(Order) returns (Order); }
${messages}`,
  });
const schemasOf = (messages: string) =>
  (documentOf(read(messages)).components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
const exampleOf = (messages: string) => {
  const { requestBody } = documentOf(read(messages)).paths?.["/shop.S/Place"]?.post ?? {};
  return (requestBody as { content: Record<string, { example?: unknown }> }).content["application/json"]?.example;
};

describe("an example from an option", () => {
  it("is omitted from the request schema if it lacks required fields", () => {
    const schemas = schemasOf(`message Order {
  option (potter.v1.openapi_schema) = {example: '{"note": "soon"}'};
  string note = 1;
  string id = 2 [(google.api.field_behavior) = REQUIRED];
}`);
    expect(schemas["shop.Order"]?.examples).toEqual([{ note: "soon" }]);
    expect(schemas["shop.Order-input"]?.examples).toBeUndefined();
  });

  it("is an error if no schema accepts it", () => {
    const diagnosticsFor = (messages: string) =>
      diagnosticsOf(read(messages)).map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
    expect(
      diagnosticsFor(`message Order {
  option (potter.v1.openapi_schema) = {example: '{"note": "so"}'};
  string note = 1 [(buf.validate.field).string.min_len = 3];
}`),
    ).toEqual([
      'error openapi-example: "example" of Order is not a valid value: its schema refuses it at /note: minLength',
    ]);
    expect(
      diagnosticsFor(`message Order {
  int32 count = 1 [(buf.validate.field).int32.gt = 3, (potter.v1.openapi_field).example = '3'];
}`),
    ).toEqual([
      'error openapi-example: "example" of Order.count is not a valid value: its schema refuses it at /: minimum',
    ]);
  });
});

describe("a generated example", () => {
  it("exists only if valid values do not follow from types alone", () => {
    expect(exampleOf("message Order { string id = 1; int32 count = 2; repeated bool flags = 3; }")).toBeUndefined();
    expect(exampleOf("message Order { string id = 1; int64 count = 2; }")).toEqual({ id: "string", count: "1" });
  });

  it("sets one field of a choice, and leaves an Any empty", () => {
    const order = `message Order {
  oneof by { string card = 1; int64 account = 2; }
  oneof to { bool pickup = 3; string street = 4; }
  google.protobuf.Any more = 5;
}`;
    expect(exampleOf(order)).toEqual({ card: "string", pickup: true, more: {} });
  });

  it("satisfies rules, and uses examples of its parts", () => {
    const order = `message Order {
  string code = 1 [(buf.validate.field).string.pattern = "^[A-Z]{2}-(?:[0-9]+|x)\\\\.\\\\d{3}$"];
  float share = 2 [(buf.validate.field).float = {gt: 41.5, lt: 42}];
  Line line = 3 [(buf.validate.field).required = true];
  map<int32, string> notes = 4 [(buf.validate.field).map.min_pairs = 2];
}
message Line { option (potter.v1.openapi_schema) = {example: '{"sku": "teapot", "count": "2"}'}; string sku = 1; int64 count = 2; }`;
    expect(exampleOf(order)).toEqual({
      code: "AA-0.000",
      share: 41.75,
      line: { sku: "teapot", count: "2" },
      notes: { 1: "string", 2: "string" },
    });
  });

  it("does not exist for infinitely recursive messages, and is finite for others", () => {
    const endless = "message Order { Order next = 1 [(buf.validate.field).required = true]; int64 n = 2; }";
    expect(exampleOf(endless)).toBeUndefined();
    expect(exampleOf("message Order { Order next = 1; int64 n = 2; }")).toMatchObject({ n: "1", next: { n: "1" } });
  });
});
