import { describe, expect, it } from "vitest";
import { analyse } from "../../pipeline/index.js";
import { compileProto } from "../../testing/index.js";
import type { Schema } from "../keywords/schema.js";
import { Schemas } from "./schemas.js";

/** The schema of a message `M` with these declarations. */
function schemaOf(declarations: string): Schema {
  const text = `syntax = "proto3";
package test;
import "buf/validate/validate.proto";
import "google/protobuf/any.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
message M { ${declarations} }
`;
  const { model } = analyse(compileProto({ "m.proto": text }));
  const desc = model.files[0]?.desc.messages.find(({ name }) => name === "M");
  if (desc === undefined) throw new Error("there is no M");
  const schemas = new Schemas("#/", model.openapi);
  schemas.message(desc, "output");
  return schemas.components["test.M"] ?? {};
}

const propertyOf = (declarations: string) => schemaOf(declarations).properties?.["f"];

describe("zero values", () => {
  it("are ignored only if the field cannot be absent", () => {
    const rules = "[(buf.validate.field) = {string: {min_len: 2}, ignore: IGNORE_IF_ZERO_VALUE}]";
    expect(propertyOf(`string f = 1 ${rules};`)).toEqual({ anyOf: [{ const: "" }, { type: "string", minLength: 2 }] });
    expect(propertyOf(`optional string f = 1 ${rules};`)).toEqual({ type: "string", minLength: 2 });
  });

  it("count as absent in a oneof rule, so that none of its fields is required", () => {
    const schema = schemaOf(`
      option (buf.validate.message).oneof = {fields: ["a", "b"], required: true};
      string a = 1 [(buf.validate.field).string.min_len = 3];
      repeated string b = 2;
    `);
    expect(schema.required).toBeUndefined();
    expect(schema.oneOf).toEqual([{ required: ["a"] }, { required: ["b"] }]);
    expect(schema.properties).toMatchObject({ a: { minLength: 3 }, b: { minItems: 1 } });
  });

  it("forbid the members of a oneof if none is set, with a schema that is an object", () => {
    const { oneOf } = schemaOf("oneof f { string a = 1; string b = 2; }");
    expect(oneOf).toEqual([
      { required: ["a"] },
      { required: ["b"] },
      { properties: { a: { not: {} }, b: { not: {} } } },
    ]);
  });

  it("of NullValue are null, and not required", () => {
    const schema = schemaOf("google.protobuf.NullValue f = 1;");
    expect(schema.properties).toEqual({ f: { type: "null" } });
    expect(schema.required).toBeUndefined();
  });
});

describe("rules as keywords", () => {
  it("of keys that may be zero keep their bounds", () => {
    const rules = "{uint32: {gt: 5}, ignore: IGNORE_IF_ZERO_VALUE}";
    const { propertyNames } = propertyOf(
      `map<uint32, string> f = 1 [(buf.validate.field).map.keys = ${rules}];`,
    ) as Schema;
    expect(propertyNames).toMatchObject({ anyOf: [{ const: "0" }, { pattern: expect.stringContaining("[6-9]") }] });
  });

  it.each([
    ["const: {paths: ['a', 'b_c.d_e']}", { const: "a,bC.dE" }],
    ["in: ['a', 'b_c']", { pattern: "^((a|bC)(\\.[^,]*)?(,(a|bC)(\\.[^,]*)?)*)?$" }],
    ["not_in: ['b_c.d']", { not: { pattern: "(^|,)(bC\\.d)(\\.|,|$)" } }],
  ])("of field masks: %s", (rules, expected) => {
    const field = `google.protobuf.FieldMask f = 1 [(buf.validate.field).field_mask = {${rules}}];`;
    expect(propertyOf(field)).toEqual({ $ref: "#/google.protobuf.FieldMask", ...expected });
  });

  it("of floats do not confuse NaN with other numbers", () => {
    expect(propertyOf("double f = 1 [(buf.validate.field).double = {not_in: [nan, inf]}];")).toEqual({
      anyOf: [
        { type: "number", format: "double" },
        { type: "string", enum: ["NaN", "-Infinity"] },
      ],
    });
    expect(propertyOf("optional double f = 1 [(buf.validate.field).double = {in: [inf]}];")).toEqual({
      type: "string",
      enum: ["Infinity"],
    });
  });

  it("of an Any require a type, which an Any without rules may omit", () => {
    const rules = "in: ['type.googleapis.com/a.B']";
    expect(propertyOf(`google.protobuf.Any f = 1 [(buf.validate.field).any = {${rules}}];`)).toEqual({
      $ref: "#/google.protobuf.Any",
      properties: { "@type": { enum: ["type.googleapis.com/a.B"] } },
      required: ["@type"],
    });
  });

  it("of hostnames reject a number at the end", () => {
    const { pattern } = propertyOf("string f = 1 [(buf.validate.field).string.hostname = true];") as Schema;
    const names = ["localhost", "a.b1", "1.a.", "1", "1.2.3.4", "a.1"].filter((name) =>
      new RegExp(`${pattern}`).test(name),
    );
    expect(names).toEqual(["localhost", "a.b1", "1.a."]);
  });
});
