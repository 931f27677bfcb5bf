import { create, type DescMessage, fromBinary, type Message, setExtension, toBinary } from "@bufbuild/protobuf";
import { MessageOptionsSchema } from "@bufbuild/protobuf/wkt";
import { createValidator } from "@bufbuild/protovalidate";
import { Ignore, message as messageRules } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AnyMethod } from "../cqrs/index.js";
import { setTextAllowed } from "../function-text/index.js";
import { compile, type TestField } from "../message/fixture.test.proto.js";
import { type AnyCodec, es } from "../message/index.js";
import { hasRules, loadValidation, protovalidate } from "./index.js";
import { compileMessage } from "./protovalidate/compile-message.js";
import { surelyCompiles } from "./protovalidate/surely-compiles.js";

type Rules = NonNullable<TestField["rules"]>;
const rule = (value: Rules["type"]): Rules => ({ type: value as never });
const string = (value: object): Rules => rule({ case: "string", value });
const wellKnown = (name: string): Rules => string({ wellKnown: { case: name, value: true } });

/** Each rule in its own message type, so that no rule hides a fault of another. */
const rules: readonly (TestField & { readonly rules: Rules })[] = [
  { text: "string a", rules: { required: true } },
  { text: "optional string a", rules: { required: true } },
  { text: "optional string a", rules: string({ minLen: 1n }) },
  { text: "string a", rules: string({ minLen: 2n, maxLen: 4n }) },
  { text: "string a", rules: string({ len: 2n }) },
  { text: "string a", rules: { ...string({ len: 2n }), ignore: Ignore.IF_ZERO_VALUE } },
  { text: "string a", rules: { ...string({ len: 2n }), ignore: Ignore.ALWAYS } },
  { text: "string a", rules: { ...string({ len: 2n }), ignore: Ignore.ALWAYS, required: true } },
  { text: "string a", rules: string({ const: "ab", prefix: "a" }) },
  { text: "string a", rules: string({ prefix: "a", suffix: "b", notContains: "-" }) },
  { text: "string a", rules: string({ contains: "@" }) },
  { text: "string a", rules: string({ in: ["a", "ab"] }) },
  { text: "string a", rules: string({ notIn: ["a", ""] }) },
  { text: "string a", rules: string({ pattern: "^[a-z@.]{1,3}$" }) },
  { text: "string a", rules: string({ pattern: "^a\\d*$" }) },
  { text: "string a", rules: string({ pattern: "(a|b)+\\s" }) },
  { text: "string a", rules: string({ maxBytes: 3n }) },
  { text: "string a", oneof: "choice", rules: string({ minLen: 2n }) },
  { text: "string a", oneof: "choice", rules: { required: true } },
  ...["email", "uuid", "tuuid", "ulid", "ipv4", "ip", "hostname", "uri"].map((name) => ({
    text: "string a",
    rules: wellKnown(name),
  })),
  { text: "string a", rules: string({ wellKnown: { case: "email", value: false } }) },
  {
    text: "int32 a",
    rules: rule({
      case: "int32",
      value: { lessThan: { case: "lt", value: 5 }, greaterThan: { case: "gte", value: -1 } },
    }),
  },
  {
    text: "int32 a",
    rules: rule({
      case: "int32",
      value: { lessThan: { case: "lt", value: -1 }, greaterThan: { case: "gt", value: 5 } },
    }),
  },
  { text: "sint32 a", rules: rule({ case: "sint32", value: { in: [0, 1, 5] } }) },
  { text: "uint32 a", rules: rule({ case: "uint32", value: { notIn: [1, 5] } }) },
  {
    text: "int64 a",
    rules: rule({
      case: "int64",
      value: { lessThan: { case: "lte", value: 5n }, greaterThan: { case: "gt", value: 0n } },
    }),
  },
  { text: "uint64 a", rules: rule({ case: "uint64", value: { const: 5n } }) },
  { text: "fixed64 a", rules: rule({ case: "fixed64", value: { in: [5n, 1n] } }) },
  { text: "double a", rules: rule({ case: "double", value: { finite: true } }) },
  { text: "double a", rules: rule({ case: "double", value: { notIn: [0, Number.NaN] } }) },
  { text: "double a", rules: rule({ case: "double", value: { in: [0, Number.NaN] } }) },
  { text: "double a", rules: { required: true } },
  { text: "float a", rules: rule({ case: "float", value: { greaterThan: { case: "gte", value: 0 } } }) },
  { text: "bool a", rules: rule({ case: "bool", value: { const: true } }) },
  { text: "bytes a", rules: rule({ case: "bytes", value: { minLen: 1n, maxLen: 2n } }) },
  { text: "enum Color a", rules: rule({ case: "enum", value: { definedOnly: true } }) },
  { text: "enum Color a", rules: rule({ case: "enum", value: { notIn: [0], in: [1, 0] } }) },
  { text: "repeated string a", rules: rule({ case: "repeated", value: { minItems: 1n, maxItems: 2n } }) },
  {
    text: "repeated string a",
    rules: rule({ case: "repeated", value: { unique: true, items: string({ minLen: 1n }) } }),
  },
  { text: "repeated double a", rules: rule({ case: "repeated", value: { unique: true } }) },
  {
    text: "repeated string a",
    rules: { ...rule({ case: "repeated", value: { minItems: 2n } }), ignore: Ignore.IF_ZERO_VALUE },
  },
  {
    text: "repeated string a",
    rules: rule({ case: "repeated", value: { items: { ...string({ minLen: 2n }), ignore: Ignore.IF_ZERO_VALUE } } }),
  },
  {
    text: "repeated enum Color a",
    rules: rule({ case: "repeated", value: { items: rule({ case: "enum", value: { definedOnly: true } }) } }),
  },
  { text: "repeated Inner a", rules: { required: true } },
  {
    text: "repeated Inner a",
    rules: rule({ case: "repeated", value: { maxItems: 1n, items: { ignore: Ignore.ALWAYS } } }),
  },
  {
    text: "map<string,string> a",
    rules: rule({
      case: "map",
      value: { minPairs: 1n, maxPairs: 2n, keys: string({ minLen: 1n }), values: string({ maxLen: 2n }) },
    }),
  },
  {
    text: "map<int32,string> a",
    rules: rule({
      case: "map",
      value: { keys: rule({ case: "int32", value: { greaterThan: { case: "gt", value: 0 } } }) },
    }),
  },
  { text: "Inner a", rules: { required: true } },
  { text: "Inner a", rules: { ignore: Ignore.ALWAYS } },
  {
    text: "google.protobuf.Int32Value a",
    rules: rule({ case: "int32", value: { greaterThan: { case: "gt", value: 0 } } }),
  },
  { text: "google.protobuf.StringValue a", oneof: "choice", rules: string({ minLen: 1n }) },
  {
    text: "google.protobuf.Duration a",
    rules: rule({ case: "duration", value: { greaterThan: { case: "gt", value: { seconds: 0n } } } }),
  },
  { text: "string a", rules: { cel: [{ id: "a.even", message: "must be even", expression: "size(this) % 2 == 0" }] } },
];

const inner = {
  name: "Inner",
  fields: [{ text: "string sku", rules: string({ minLen: 1n }) }, "Inner next", "repeated Inner more"],
};
const colors = { Color: ["COLOR_UNSPECIFIED", "COLOR_RED", "COLOR_BLUE"] };

const text = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "ab",
    "abc",
    "😀",
    "😀b",
    "a\n",
    "a5",
    "a ",
    "é",
    "a-b",
    "-",
    "a.b",
    "1.2.3.4",
    "256.1.1.1",
    "A@b",
    "a@b.c",
    "x_y@e.org",
    "http://a/b",
  ),
  fc.constantFrom(
    "123e4567-e89b-12d3-a456-426614174000",
    "123e4567e89b12d3a456426614174000",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "::1",
    "host",
    "a.b.",
    "-a.b",
    "1",
    "a_b",
  ),
  fc.string({ unit: "binary", maxLength: 5 }).filter((one) => !/\p{Surrogate}/u.test(one)),
  fc.emailAddress(),
  fc.domain(),
);
const number = fc.constantFrom(0, 1, 2, 5, 6, 100);
const float = fc.constantFrom(0, -0, 1, 5, -3, Number.NaN, Number.POSITIVE_INFINITY);

/** Arbitrary messages of the types of this test. */
function messageOf(schema: DescMessage, depth = 2): fc.Arbitrary<Message> {
  const entries: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of schema.fields) {
    const one = valueFor(field, depth);
    const value =
      field.fieldKind === "list"
        ? fc.array(one, { maxLength: 3 })
        : field.fieldKind === "map"
          ? fc.dictionary(
              field.mapKey === 9 ? fc.constantFrom("", "a", "b", "c") : fc.constantFrom("0", "1", "-1"),
              one,
              { maxKeys: 3 },
            )
          : one;
    const { oneof } = field;
    if (oneof !== undefined)
      entries[oneof.localName] = fc.option(
        value.map((v) => ({ case: field.localName, value: v })),
        { nil: { case: undefined } as never },
      );
    else entries[field.localName] = fc.option(value, { nil: undefined });
  }
  return fc.record(entries).map((init) => create(schema, init as never));
}

function valueFor(field: DescMessage["fields"][number], depth: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined) {
    const { typeName } = field.message;
    if (typeName.endsWith("Value")) {
      const value: fc.Arbitrary<unknown> = typeName.endsWith("StringValue") ? text : number;
      return field.oneof === undefined
        ? value
        : value.map((one) => create(field.message as DescMessage, { value: one } as never));
    }
    if (typeName.endsWith("Duration"))
      return number.map((seconds) => create(field.message as DescMessage, { seconds: BigInt(seconds) } as never));
    return depth === 0 ? fc.constant(create(field.message)) : messageOf(field.message, depth - 1);
  }
  if (field.enum !== undefined) return fc.constantFrom(0, 1, 2, 7);
  switch (field.scalar) {
    case 1:
    case 2:
      return float;
    case 8:
      return fc.boolean();
    case 9:
      return text;
    case 12:
      return fc.uint8Array({ maxLength: 3 });
    case 3:
    case 4:
    case 6:
    case 16:
    case 18:
      return number.map(BigInt);
  }
  return number;
}

describe.each([
  ["text", true],
  ["closures", false],
])("the fast check of %s", (_form, isAllowed) => {
  beforeAll(() => setTextAllowed(isAllowed));
  afterAll(() => setTextAllowed(undefined));

  it.each(rules.map((field) => [`${field.text} ${describeRules(field.rules)}`, field] as const))(
    "passes only for messages that protovalidate accepts: %s",
    (_, field) => {
      const schema = compile([{ name: "Outer", fields: [field] }, inner], colors)("Outer");
      const validator = createValidator();
      const check = compileMessage(schema);
      setTextAllowed(false);
      const closures = compileMessage(compile([{ name: "Outer", fields: [field] }, inner], colors)("Outer"));
      setTextAllowed(isAllowed);
      fc.assert(
        fc.property(messageOf(schema), (message) => {
          const isValid = check(message);
          if (isValid) expect(validator.validate(schema, message).kind).toBe("valid");
          expect(isValid).toBe(closures(message));
        }),
        { numRuns: 200 },
      );
    },
  );

  it("passes for nearly all valid messages with common rules", () => {
    const schema = compile(
      [
        {
          name: "Outer",
          fields: [
            { text: "string email", rules: wellKnown("email") },
            { text: "string id", rules: wellKnown("uuid") },
            { text: "string code", rules: string({ pattern: "^[A-Z]{2}-\\d+$" }) },
            { text: "repeated Inner lines", rules: rule({ case: "repeated", value: { minItems: 1n } }) },
            { text: "int64 price", rules: rule({ case: "int64", value: { greaterThan: { case: "gte", value: 0n } } }) },
          ],
        },
        inner,
      ],
      colors,
    )("Outer");
    const init = {
      email: "a@example.com",
      id: "123e4567-e89b-12d3-a456-426614174000",
      code: "DE-123",
      lines: [{ sku: "a" }],
      price: 5n,
    };
    expect(compileMessage(schema)(create(schema, init as never))).toBe(true);
    expect(compileMessage(schema)(create(schema, { ...init, lines: [{ sku: "a", next: { sku: "" } }] } as never))).toBe(
      false,
    );
  });

  it("never passes for a message that a message rule refuses", () => {
    const options = create(MessageOptionsSchema);
    setExtension(options, messageRules, { celExpression: ["this.a != 'x'"] } as never);
    const schema = compile([{ name: "Outer", fields: ["string a"], options }])("Outer");
    expect(compileMessage(schema)(create(schema))).toBe(false);
    expect(createValidator().validate(schema, create(schema, { a: "x" } as never)).kind).toBe("invalid");
  });

  it("never passes for a message that a required oneof refuses", () => {
    const fields = ["a", "b"].map((name) => ({ text: `string ${name}`, oneof: "choice" }));
    const schema = compile([{ name: "Outer", fields, required: ["choice"] }])("Outer");
    const check = compileMessage(schema);
    expect(check(create(schema))).toBe(false);
    expect(check(create(schema, { choice: { case: "b", value: "" } } as never))).toBe(true);
    expect(createValidator().validate(schema, create(schema)).kind).toBe("invalid");
  });
});

function describeRules(given: Rules): string {
  return JSON.stringify(given, (_, value: unknown) => (typeof value === "bigint" ? Number(value) : value));
}

describe("rules that are not compiled at the start", () => {
  const of = (field: TestField) => compile([{ name: "Outer", fields: [field] }, inner], colors)("Outer");

  it.each(rules.map((field) => [`${field.text} ${describeRules(field.rules)}`, field] as const))(
    "compile: %s",
    (_, field) => {
      const schema = of(field);
      const { kind } = createValidator().validate(schema, create(schema));
      expect(surelyCompiles(schema) && kind === "error").toBe(false);
    },
  );

  it("are the usual ones", () => {
    const usual: readonly TestField[] = [
      { text: "string a", rules: { ...string({ minLen: 1n, in: ["a"] }), required: true } },
      { text: "string a", rules: wellKnown("email") },
      { text: "repeated Inner a", rules: rule({ case: "repeated", value: { minItems: 1n } }) },
      { text: "int64 a", rules: rule({ case: "int64", value: { greaterThan: { case: "gte", value: 0n } } }) },
    ];
    expect(usual.map((field) => surelyCompiles(of(field)))).toEqual(usual.map(() => true));
  });

  it("contain no rules that may fail to compile", () => {
    const minLen = string({ minLen: 1n });
    const doubtful: readonly TestField[] = [
      { text: "int32 a", rules: minLen },
      { text: "Inner a", rules: minLen },
      { text: "repeated string a", rules: minLen },
      { text: "repeated int32 a", rules: rule({ case: "repeated", value: { items: minLen } }) },
      { text: "map<int32,string> a", rules: rule({ case: "map", value: { keys: minLen } }) },
      { text: "string a", rules: string({ pattern: "(" }) },
      { text: "string a", rules: { celExpression: ["this +"] } },
      {
        text: "repeated string a",
        rules: rule({ case: "repeated", value: { items: { celExpression: ["this +"] } } }),
      },
    ];
    expect(doubtful.map((field) => surelyCompiles(of(field)))).toEqual(doubtful.map(() => false));
  });
});

describe("loadValidation", () => {
  const methodOf = (request: AnyCodec, rules?: AnyMethod["rules"]) =>
    ({ service: "test.v1.Tests", name: "Run", request, response: request, rules }) as unknown as AnyMethod;
  const get = compile(
    [
      { name: "Plain", fields: ["string a", "Plain self"] },
      { name: "Outer", fields: ["repeated Inner lines", "Plain plain", "map<string,Inner> inners"] },
      inner,
      { name: "Bytes", fields: [{ text: "bytes a", rules: rule({ case: "bytes", value: { pattern: "^a*$" } }) }] },
      { name: "Broken", fields: [{ text: "string a", rules: { cel: [{ id: "x", expression: "this +" }] } }] },
      { name: "Mismatch", fields: [{ text: "Nested a" }] },
      { name: "Nested", fields: [{ text: "int32 a", rules: string({ minLen: 1n }) }] },
    ],
    colors,
  );

  it("returns no check for types without rules", async () => {
    expect(hasRules(get("Plain"))).toBe(false);
    const plain = es(get("Plain"));
    expect((await loadValidation([methodOf(plain)]))(plain)).toBeUndefined();
  });

  it("rejects when the generated code of a type with rules does not load them", async () => {
    const plain = es(get("Plain"));
    const method = { ...methodOf(plain), response: es(get("Outer")) } as AnyMethod;
    await expect(loadValidation([method], { responses: true })).rejects.toThrow(
      "test.v1.Outer has rules of protovalidate, which the generated code of test.v1.Tests.Run does not load: " +
        "generate the code again with protoc-gen-potter-cqrs of this release",
    );
    expect((await loadValidation([method]))(plain)).toBeUndefined();
  });

  it("reports path, rule and expectation", async () => {
    const codec = es(get("Outer"));
    const validate = (await loadValidation([methodOf(codec, protovalidate)]))(codec);
    expect(validate?.(codec.create({ lines: [{ sku: "a" }] } as never))).toEqual([]);
    expect(validate?.(codec.create({ lines: [{ sku: "a" }, { sku: "", next: { sku: "" } }] } as never))).toEqual([
      { field: "lines[1].sku", rule: "string.min_len", message: "must be at least 1 characters" },
      { field: "lines[1].next.sku", rule: "string.min_len", message: "must be at least 1 characters" },
    ]);
  });

  it("lists no more violations than help, and in a large message searches for the first only", async () => {
    const codec = es(get("Outer"));
    const validate = (await loadValidation([methodOf(codec, protovalidate)]))(codec);
    const found = (lines: object[]) => validate?.(codec.create({ lines } as never)).map(({ field }) => field);
    const invalid = (count: number) => Array.from({ length: count }, () => ({ sku: "" }));
    expect(found(invalid(100))).toHaveLength(100);
    expect(found(invalid(101))?.slice(99)).toEqual(["lines[99].sku", ""]);
    expect(found(invalid(501))).toEqual(["lines[0].sku", ""]);
    expect(found([...Array.from({ length: 999 }, () => ({ sku: "a" })), ...invalid(1)])).toEqual([
      "lines[999].sku",
      "",
    ]);
    const inners = { ["x".repeat(20_000)]: { sku: "" } };
    expect(validate?.(codec.create({ inners } as never)).map(({ field }) => field)).toEqual([""]);
    const nested = { sku: "a", next: { sku: "a", next: { sku: "" } } };
    expect(found(Array.from({ length: 170 }, () => nested))).toEqual(["lines[0].next.next.sku", ""]);
  });

  it("validates messages of other libraries", async () => {
    const schema = get("Inner");
    const codec: AnyCodec = {
      ...es(schema),
      encode: (plain) => toBinary(schema, create(schema, plain as Record<string, unknown>)),
      decode: (bytes) => fromBinary(schema, bytes),
    };
    const validate = (await loadValidation([methodOf(codec, protovalidate)]))(codec);
    expect(validate?.({ sku: "a" })).toEqual([]);
    expect(validate?.({ sku: "" })).toHaveLength(1);
  });

  it("refuses a value for which a rule fails, since the caller sent it", async () => {
    const codec = es(get("Bytes"));
    const validate = (await loadValidation([methodOf(codec, protovalidate)]))(codec);
    expect(validate?.(codec.create({ a: Uint8Array.of(0x61) } as never))).toEqual([]);
    expect(validate?.(codec.create({ a: Uint8Array.of(0xff) } as never))).toEqual([
      { field: "", rule: "validation.error", message: "has a value for which a rule cannot be evaluated" },
    ]);
  });

  it("rejects when a rule does not fit the type of its field", async () => {
    await expect(loadValidation([methodOf(es(get("Mismatch")), protovalidate)])).rejects.toThrow(
      "the rules of test.v1.Mismatch cannot be compiled",
    );
  });

  it("rejects when a rule does not compile", async () => {
    await expect(loadValidation([methodOf(es(get("Broken")), protovalidate)])).rejects.toThrow(
      "the rules of test.v1.Broken cannot be compiled",
    );
  });
});
