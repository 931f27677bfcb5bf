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

it("a number that an enum does not name in the schema is told as lost data, not as a value", () => {
  const label = FieldDescriptorProtoSchema.fields.find(({ name }) => name === "label") as DescField;
  const convert = convertValue(label, false, context);
  expect(convert?.(FieldDescriptorProto_Label.OPTIONAL)).toBe("OPTIONAL");
  // As ts-proto has it where it is asked for names.
  expect(convert?.("LABEL_OPTIONAL")).toBe("OPTIONAL");
  const message = "google.protobuf.FieldDescriptorProto.Label has no value 77 in this schema";
  expect(codeOf(() => convert?.(77))).toEqual([message, "DATA_LOSS"]);
});

it("so is an Any of a type that nobody knows", () => {
  const convert = convertMessage(AnySchema, context);
  const typeUrl = "type.googleapis.com/shop.Unknown";
  const message = `this schema does not know the type ${typeUrl} that an Any holds`;
  const value = new Uint8Array([8, 1]);
  expect(codeOf(() => convert?.(create(AnySchema, { typeUrl, value })))).toEqual([message, "DATA_LOSS"]);
  // As ts-proto has it: no more than its fields.
  expect(codeOf(() => convert?.({ typeUrl, value }))).toEqual([message, "DATA_LOSS"]);
});
