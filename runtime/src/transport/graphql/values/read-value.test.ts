import { create, createRegistry, type DescField } from "@bufbuild/protobuf";
import {
  AnySchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProtoSchema,
  StructSchema,
} from "@bufbuild/protobuf/wkt";
import { GraphQLError } from "graphql";
import { expect, it } from "vitest";
import { convertMessage, convertValue, type ValueContext } from "./read-value.js";

const context: ValueContext = {
  names: () => new Map([[FieldDescriptorProto_Label.OPTIONAL, "OPTIONAL"]]),
  registry: () => createRegistry(StructSchema),
};

function codeOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof GraphQLError ? [error.message, error.extensions["code"]] : error;
  }
}

it("reports an enum number without a name in the schema as data loss", () => {
  const label = FieldDescriptorProtoSchema.fields.find(({ name }) => name === "label") as DescField;
  const convert = convertValue(label, false, context);
  expect(convert?.(FieldDescriptorProto_Label.OPTIONAL)).toBe("OPTIONAL");
  // The form of ts-proto with string enums.
  expect(convert?.("LABEL_OPTIONAL")).toBe("OPTIONAL");
  const message = "google.protobuf.FieldDescriptorProto.Label has no value 77 in this schema";
  expect(codeOf(() => convert?.(77))).toEqual([message, "DATA_LOSS"]);
});

it("reports an Any of an unknown type as data loss", () => {
  const convert = convertMessage(AnySchema, context);
  const typeUrl = "type.googleapis.com/shop.Unknown";
  const message = `an Any contains ${typeUrl}, a type that this schema does not know`;
  const value = new Uint8Array([8, 1]);
  expect(codeOf(() => convert?.(create(AnySchema, { typeUrl, value })))).toEqual([message, "DATA_LOSS"]);
  // The form of ts-proto: a plain object.
  expect(codeOf(() => convert?.({ typeUrl, value }))).toEqual([message, "DATA_LOSS"]);
});
