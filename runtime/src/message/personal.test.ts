import { create, createFileRegistry, type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { withoutPersonal } from "./personal.js";

/** FieldOptions with the extension 50708 (potter.v1.field) of these bytes. */
function optionsOf(...message: number[]) {
  const writer = new BinaryWriter().tag(50708, WireType.LengthDelimited).bytes(new Uint8Array(message));
  return fromBinary(FieldOptionsSchema, writer.finish());
}

const personal = optionsOf(3 << 3, 1);
const notPersonal = optionsOf(1 << 3, 1, 3 << 3, 0);

function field(name: string, number: number, options: object = {}) {
  return { name, number, jsonName: name, type: FieldDescriptorProto_Type.STRING, label: one, ...options };
}

const one = FieldDescriptorProto_Label.OPTIONAL;
const self = { type: FieldDescriptorProto_Type.MESSAGE, typeName: ".test.v1.Person" };

const registry = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: "person.proto",
    package: "test.v1",
    syntax: "proto3",
    messageType: [
      {
        name: "Person",
        field: [
          field("id", 1, { options: notPersonal }),
          field("email", 2, { options: personal }),
          field("friends", 3, { ...self, label: FieldDescriptorProto_Label.REPEATED }),
          field("spouse", 4, self),
        ],
      },
    ],
  }),
  () => undefined,
);

describe("withoutPersonal", () => {
  const schema = registry.getMessage("test.v1.Person") as DescMessage;

  it("removes the fields that the contract marks as personal, at any depth", () => {
    const ada = { id: "ada", email: "ada@example.com" };
    expect(withoutPersonal(schema, { ...ada, friends: [ada, {}], spouse: { ...ada, spouse: ada } })).toEqual({
      id: "ada",
      friends: [{ id: "ada" }, {}],
      spouse: { id: "ada", spouse: { id: "ada" } },
    });
  });

  it("keeps JSON forms that are not objects", () => {
    expect(withoutPersonal(schema, "2020-01-01T00:00:00Z")).toBe("2020-01-01T00:00:00Z");
  });
});
