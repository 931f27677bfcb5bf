import { create, equals } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { compile } from "./fixture.test.proto.js";
import { es, type MessageCodec, type MessageTypes, mergeFields } from "./index.js";

const message = compile([
  { name: "Place", fields: ["string city", "string street"] },
  {
    name: "Author",
    fields: [
      "string name",
      "Place place",
      "repeated string tags",
      "map<string,int32> counts",
      "map<int32,string> by_number",
      { text: "string email", oneof: "contact" },
      { text: "Place office", oneof: "contact" },
      "optional string note",
    ],
  },
]);
const schema = message("Author");
const codec = es(schema) as MessageCodec<MessageTypes>;
const author = (init: object) => create(schema, init as never);

const current = author({
  name: "Ada",
  place: { city: "London", street: "Markt" },
  tags: ["a", "b"],
  counts: { a: 1, "b.c": 2 },
  byNumber: { 7: "seven" },
  contact: { case: "email", value: "ada@example.com" },
  note: "old",
});

function merged(given: object, paths?: readonly string[]): unknown {
  const before = codec.toJson(current);
  const result = mergeFields(codec, current, author(given), paths && { paths });
  expect(codec.toJson(current)).toEqual(before);
  return codec.toJson(result);
}

const json = codec.toJson(current) as object;

describe("mergeFields", () => {
  it("takes the fields that the mask names, clears named fields that are not given, and keeps the rest", () => {
    expect(merged({ name: "Bob", note: "new" }, ["name"])).toEqual({ ...json, name: "Bob" });
    expect(mergeFields(schema, current, author({ name: "Bob" }), ["name"])).toEqual(
      mergeFields(codec, current, author({ name: "Bob" }), ["name"]),
    );
    expect(merged({}, ["name", "note"])).toEqual({ ...json, name: undefined, note: undefined });
    expect(merged({ note: "" }, ["note"])).toEqual({ ...json, note: "" });
  });

  it("takes all set fields without a mask, and all fields with *", () => {
    expect(merged({ name: "Bob", tags: ["c"] })).toEqual({ ...json, name: "Bob", tags: ["c"] });
    expect(merged({ name: "Bob" }, [])).toEqual({ ...json, name: "Bob" });
    expect(merged({ name: "Bob" }, ["*"])).toEqual({ name: "Bob" });
  });

  it("updates fields of messages, and creates the messages", () => {
    expect(merged({ place: { city: "Jena", street: "x" } }, ["place.city"])).toEqual({
      ...json,
      place: { city: "Jena", street: "Markt" },
    });
    expect(merged({}, ["place.city"])).toEqual({ ...json, place: { street: "Markt" } });
    expect(merged({ place: { city: "Jena" } }, ["place"])).toEqual({ ...json, place: { city: "Jena" } });
    const bare = author({ name: "Ada" });
    const made = mergeFields(codec, bare, author({ place: { city: "Jena" } }), ["place.city"]);
    expect(codec.toJson(made)).toEqual({ name: "Ada", place: { city: "Jena" } });
    expect(equals(schema, mergeFields(codec, bare, author({}), ["place.city"]) as never, bare)).toBe(true);
  });

  it("replaces lists and maps as a whole, and sets or removes one entry of a map", () => {
    expect(merged({ tags: ["c"], counts: { z: 1 } }, ["tags", "counts"])).toEqual({
      ...json,
      tags: ["c"],
      counts: { z: 1 },
    });
    expect(merged({ counts: { a: 5, z: 1 } }, ["counts.a"])).toEqual({ ...json, counts: { a: 5, "b.c": 2 } });
    expect(merged({}, ["counts.`b.c`", "by_number.7"])).toEqual({ ...json, counts: { a: 1 }, byNumber: undefined });
    expect(merged({ byNumber: { 8: "eight" } }, ["byNumber.8"])).toEqual({
      ...json,
      byNumber: { 7: "seven", 8: "eight" },
    });
  });

  it("replaces a member of a oneof by another", () => {
    expect(merged({ contact: { case: "office", value: { city: "Jena" } } }, ["office.city"])).toEqual({
      ...json,
      email: undefined,
      office: { city: "Jena" },
    });
    expect(merged({}, ["office"])).toEqual(json);
    expect(merged({}, ["email"])).toEqual({ ...json, email: undefined });
  });

  it.each(["nobody", "place.nobody", "tags.0", "name.first", "counts.*", "counts.a.b", "", ".", "place..city"])(
    "refuses the path %j",
    (path) => {
      expect(() => merged({ place: {} }, [path])).toThrow(
        expect.objectContaining({
          code: "invalid_argument",
          violations: [expect.objectContaining({ field: "update_mask" })],
        }),
      );
    },
  );

  it("treats undefined as a message without fields", () => {
    const given = author({ name: "Bob" });
    for (const type of [codec, schema] as const) {
      const merge = mergeFields as (...args: readonly unknown[]) => never;
      expect(equals(schema, merge(type, undefined, given), given)).toBe(true);
      expect(equals(schema, merge(type, current, undefined, []), current)).toBe(true);
      expect(codec.toJson(merge(type, current, undefined, ["name"]))).toEqual({ ...json, name: undefined });
      expect(equals(schema, merge(type, undefined, undefined, ["*"]), author({}))).toBe(true);
    }
    // The type of an unset message field.
    const absent = undefined as typeof given | undefined;
    expect(mergeFields(schema, absent, absent)).toEqual(author({}));
  });

  it("reports a path that does not exist even if there is nothing to merge", () => {
    expect(() => mergeFields(codec, author({}), author({}), ["place.nobody"])).toThrow('has no field "nobody"');
  });
});
