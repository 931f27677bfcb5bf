import { create } from "@bufbuild/protobuf";
import { AnySchema, anyPack, DurationSchema, FieldMaskSchema, StructSchema } from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { es } from "./index.js";

it("messages and the values that create them become bytes and ProtoJSON, and back", () => {
  const codec = es(DurationSchema);
  expect(codec.typeName).toBe("google.protobuf.Duration");
  for (const duration of [{ seconds: 3n }, create(DurationSchema, { seconds: 3n })]) {
    expect(codec.decode(codec.encode(duration))).toMatchObject({ seconds: 3n });
    expect(codec.toJson(duration)).toBe("3s");
  }
  expect(codec.fromJson("1.5s")).toMatchObject({ seconds: 1n, nanos: 500_000_000 });
});

it("fields that a newer server sends are ignored, malformed messages are errors", () => {
  expect(es(FieldMaskSchema).fromJson("a,b")).toMatchObject({ paths: ["a", "b"] });
  expect(es(StructSchema).fromJson({ a: 1 })).toMatchObject({ fields: expect.anything() });
  expect(() => es(DurationSchema).fromJson("soon")).toThrow();
  expect(() => es(DurationSchema).decode(Uint8Array.of(8))).toThrow();
});

it("an Any of the same file is ProtoJSON with its type", () => {
  const codec = es(AnySchema);
  const any = anyPack(AnySchema, create(AnySchema, { typeUrl: "type.googleapis.com/google.protobuf.Any" }));
  expect(codec.toJson(any)).toMatchObject({ "@type": "type.googleapis.com/google.protobuf.Any" });
});
