import { isDeepStrictEqual } from "node:util";
import {
  create,
  createFileRegistry,
  type DescField,
  type DescMessage,
  fromJson,
  type JsonValue,
  type Message,
  toJson,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import fc, { type Arbitrary } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileProto, requestAll } from "../../../../generator/src/testing/index.js";
import { setTextAllowed } from "../../function-text/index.js";
import { LineSchema as UsualLine, OrderSchema as UsualOrder } from "../fixture.test.proto.js";
import { arbitraryAny, arbitraryJson, borders, borderValues } from "./arbitrary-json.fixture.js";
import { compileReader, compileWriter, fallback } from "./index.js";
import { oddities } from "./oddities.fixture.js";

/** The number of cases of each test, over all messages. CODEC_CASES=1000000 runs a long search. */
const cases = Number(process.env["CODEC_CASES"] ?? 12_000);

const timeout = 20_000 + cases;

function readSchemas(file: ReturnType<typeof compileProto>["protoFile"], prefix: string): DescMessage[] {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  return [...registry].filter((type) => type.kind === "message").filter(({ typeName }) => typeName.startsWith(prefix));
}

/** New descriptors of the same messages, since what is compiled for a descriptor is kept. */
function copy<const Schemas extends readonly DescMessage[]>(
  ...schemas: Schemas
): { readonly [I in keyof Schemas]: DescMessage } {
  const { file } = schemas[0] as DescMessage;
  const registry = createFileRegistry(file.proto, (name) => file.dependencies.find(({ proto }) => proto.name === name));
  return schemas.map(({ typeName }) => registry.getMessage(typeName)) as never;
}

/** Returns the result of protobuf-es; undefined if it refuses the input. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** A message type, and an arbitrary value for it. */
function forEach<T>(schemas: readonly DescMessage[], arbitrary: (desc: DescMessage) => Arbitrary<T>) {
  const made = schemas.map((desc) => arbitrary(desc).map((value) => ({ desc, value })));
  return fc.oneof(...made);
}

describe.each([
  ["as text", true],
  ["as closures", false],
])("%s", (_form, isAllowed) => {
  beforeAll(() => setTextAllowed(isAllowed));
  afterAll(() => setTextAllowed(undefined));

  const [OrderSchema, LineSchema] = copy(UsualOrder, UsualLine);
  const odd = readSchemas(compileProto({ "test/odd/v1/odd.proto": oddities }).protoFile, "test.odd.v1.");
  const fixtures = readSchemas(requestAll().protoFile, "fixture.");
  const sets: [string, readonly DescMessage[]][] = [
    ["oddities", odd],
    ["fixtures", fixtures],
    ["order", [OrderSchema, LineSchema]],
  ];
  const runs = { numRuns: Math.ceil(cases / sets.length / 2) };

  const usual: [DescMessage, JsonValue][] = [
    [LineSchema, {}],
    [LineSchema, { sku: "a", quantity: 1, unitPrice: 1299, labels: { a: "b" } }],
    [LineSchema, { sku: null, unit_price: "-5", labels: null }],
    [
      OrderSchema,
      {
        orderId: "1",
        color: "COLOR_RED",
        lines: [{ sku: 'a "quoted" text' }, {}],
        main_line: { quantity: "7" },
        barter: { sku: "b" },
        counts: { a: 1, b: -1 },
        blob: "AQID",
        placedAt: "2024-02-29T12:30:59.250Z",
        gift: true,
        weight: 1.5,
        tags: ["x", "ü", "😀"],
        colors: ["COLOR_BLUE", 2, 17],
        limit: 0,
        note: "",
        wait: "1.5s",
        total: "9007199254740993",
        parent: { parent: {} },
        byFlag: { true: { sku: "c" } },
      },
    ],
    [schema("Explicit"), { aString: "", seven: 7, closed: "CLOSED_ZERO", textUint64: "5" }],
    [schema("Holder"), { names: [{ "other-name": "a", snake_case_name: "b" }], group: { value: 1 } }],
  ];

  function schema(name: string): DescMessage {
    const found = odd.find(({ typeName }) => typeName === `test.odd.v1.${name}`);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  }

  const read = (message: DescMessage, json: unknown) => compileReader(message)?.read(json, 1) ?? fallback;
  const write = (desc: DescMessage, message: unknown) => compileWriter(desc)?.write(message) ?? fallback;

  /** Describes how the reader differs from protobuf-es. `fallback` is not a difference. */
  function compareReading(desc: DescMessage, json: unknown): string | undefined {
    const message = read(desc, json);
    if (message === fallback) return undefined;
    const expected = attempt(() => fromJson(desc, json as JsonValue));
    if (expected === undefined) return "accepts what protobuf-es refuses";
    return isDeepStrictEqual(message, expected) ? undefined : "makes another message";
  }

  function compareWriting(desc: DescMessage, message: Message): string | undefined {
    const text = write(desc, message);
    if (text === fallback) return undefined;
    const expected = attempt(() => JSON.stringify(toJson(desc, message)));
    if (expected === undefined) return "writes what protobuf-es refuses";
    return text === expected ? undefined : `writes ${text} instead of ${expected}`;
  }

  describe("compileReader", () => {
    it.each(sets)("reads the %s as protobuf-es does, or returns fallback", { timeout }, (_, schemas) => {
      const json = forEach(schemas, (desc) =>
        fc.oneof(arbitraryJson(desc, 0), arbitraryJson(desc, 3), arbitraryJson(desc, 20), arbitraryAny(desc)),
      );
      fc.assert(
        fc.property(json, ({ desc, value }) => {
          expect(compareReading(desc, value)).toBeUndefined();
        }),
        runs,
      );
    });

    it.each(sets)("reads every boundary value in every field of the %s as protobuf-es does", (_, schemas) => {
      const found = schemas.flatMap((desc) =>
        [...strangeJson(desc)].flatMap((json) => {
          const difference = compareReading(desc, json);
          return difference === undefined ? [] : [{ type: desc.typeName, json, difference }];
        }),
      );
      expect(found).toEqual([]);
    });

    it("handles JSON in the usual forms", () => {
      for (const [desc, json] of usual) expect(read(desc, json)).toEqual(fromJson(desc, json));
    });

    it.each<[string, DescMessage, JsonValue]>([
      ["an unknown field", LineSchema, { sku: "a", nope: 1 }],
      ["a field under both its names", LineSchema, { unitPrice: "1", unit_price: "1" }],
      ["a field that is called as what every object has", schema("Inherited"), { constructor: "a" }],
      ["a key that would become the prototype", LineSchema, { labels: JSON.parse('{"__proto__": "a"}') }],
      ["two members of a oneof", OrderSchema, { card: "a", iban: "b" }],
      ["null for a member of a oneof", OrderSchema, { card: null }],
      ["null in a list", OrderSchema, { tags: [null] }],
      ["half a surrogate pair", LineSchema, { sku: "\ud800" }],
      ["a number beyond its range", LineSchema, { quantity: 4294967296 }],
      ["a value of an enum that is not known", schema("Explicit"), { closed: 1 }],
      ["a list", LineSchema, []],
      ["what is nested too deeply", OrderSchema, nest(100)],
    ])("leaves %s to protobuf-es", (_, desc, json) => {
      expect(read(desc, json)).toBe(fallback);
    });

    it("ignores inherited members of an object", () => {
      expect(read(LineSchema, Object.create({ sku: "a" }))).toBe(fallback);
    });

    it("reads to the nesting depth that protobuf-es certainly accepts", () => {
      expect(read(OrderSchema, nest(99))).toEqual(fromJson(OrderSchema, nest(99)));
    });
  });

  describe("compileWriter", () => {
    it.each(sets)("writes the %s as protobuf-es does, or returns fallback", { timeout }, (_, schemas) => {
      const messages = forEach(schemas, (desc) =>
        fc.tuple(
          arbitraryJson(desc, 2).map((json) => attempt(() => fromJson(desc, json as JsonValue))),
          fc.nat(),
          borders,
          fc.nat(4),
        ),
      );
      fc.assert(
        fc.property(messages, ({ desc, value: [message, at, strange, odds] }) => {
          if (message === undefined) return;
          if (odds === 0) spoil(desc, message, at, strange);
          expect(compareWriting(desc, message)).toBeUndefined();
        }),
        runs,
      );
    });

    it.each(sets)("writes every boundary value in every field of the %s as protobuf-es does", (_, schemas) => {
      const found = schemas.flatMap((desc) =>
        [...strangeMessages(desc)].flatMap((message) => {
          const difference = compareWriting(desc, message);
          return difference === undefined ? [] : [{ type: desc.typeName, message, difference }];
        }),
      );
      expect(found).toEqual([]);
    });

    it("handles the usual messages", () => {
      for (const [desc, json] of usual) {
        const message = fromJson(desc, json);
        expect(write(desc, message)).toBe(JSON.stringify(toJson(desc, message)));
      }
    });

    it.each<[string, DescMessage, object]>([
      ["a message of another type", LineSchema, create(OrderSchema)],
      ["a value of another type", LineSchema, { ...create(LineSchema), sku: 5 }],
      ["a message with unknown fields", LineSchema, { ...create(LineSchema), $unknown: [] }],
      ["a message without a field that is required", schema("Required"), create(schema("Required"))],
    ])("leaves %s to protobuf-es", (_, desc, message) => {
      expect(write(desc, message)).toBe(fallback);
    });
  });
});

function nest(levels: number): JsonValue {
  let json: JsonValue = {};
  for (let i = 1; i < levels; i++) json = { parent: json };
  return json;
}

/** Each boundary value in each field: alone, in a list, as a value and a key of a map, and next to another field. */
function* strangeJson(desc: DescMessage): Generator<unknown> {
  for (const value of borderValues) {
    yield value;
    yield { nope: value };
    for (const { name, jsonName, mapKey } of desc.fields as readonly (DescField & { mapKey?: unknown })[]) {
      yield { [jsonName]: value };
      yield { [jsonName]: [value] };
      yield { [jsonName]: { a: value, 1: value, true: value } };
      for (const one of desc.fields.slice(0, 3)) yield { [name]: value, [one.jsonName]: "a" };
      if (mapKey === undefined) continue;
      const keys = [String(value), String(value).replace(/^-?0+/, "")];
      for (const item of ["1", 1, true, "AQ==", "OPEN_ONE", 2, {}]) {
        for (const key of keys) yield { [jsonName]: Object.fromEntries([[key, item]]) };
      }
    }
  }
}

function* strangeMessages(desc: DescMessage): Generator<Message> {
  for (const value of [...borderValues, 0n, -1n, 2n ** 63n, new Uint8Array([0, 255, 62]), new Uint8Array(0)]) {
    for (const at of [...desc.members.keys(), desc.members.length]) {
      for (const given of [value, [value], { a: value, '"': value, ["__proto__"]: value }]) {
        const message = create(desc);
        spoil(desc, message, at, given);
        yield message;
      }
    }
    for (const { oneof, localName } of desc.fields) {
      if (oneof === undefined) continue;
      yield Object.assign(create(desc), { [oneof.localName]: { case: localName, value } });
    }
    for (const { message: type, localName } of desc.fields) {
      if (type === undefined) continue;
      for (const inner of type.members) {
        yield Object.assign(create(desc), { [localName]: Object.assign(create(type), { [inner.localName]: value }) });
      }
    }
  }
}

/** Sets a member to a value that may not fit it. */
function spoil(desc: DescMessage, message: Message, at: number, value: unknown): void {
  const member = desc.members[at % (desc.members.length + 1)];
  const fields = message as unknown as Record<string, unknown>;
  if (member === undefined) fields["$unknown"] = [];
  else if (member.kind !== "oneof") fields[member.localName] = value;
  else fields[member.localName] = { case: member.fields[at % member.fields.length]?.localName, value };
}
