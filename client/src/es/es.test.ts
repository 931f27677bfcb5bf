import { create } from "@bufbuild/protobuf";
import { anyPack, FieldSchema, OptionSchema } from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { es } from "./es.js";

it("writes and reads JSON of an Any that holds a message of the same file", () => {
  const codec = es(OptionSchema);
  const option = create(OptionSchema, { name: "a", value: anyPack(FieldSchema, create(FieldSchema, { name: "b" })) });
  const json = codec.toJson(option);
  expect(json).toEqual({ name: "a", value: { "@type": "type.googleapis.com/google.protobuf.Field", name: "b" } });
  expect(codec.fromJson(json)).toEqual(option);
});
