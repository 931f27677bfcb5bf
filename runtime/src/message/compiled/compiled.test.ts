import { isDeepStrictEqual } from "node:util";
import {
  create,
  createFileRegistry,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileProto, requestAll } from "../../../../generator/src/testing/index.js";
import { setTextAllowed } from "../../function-text/index.js";
import { arbitraryAny, arbitraryJson, borderValues } from "../proto-json/arbitrary-json.fixture.js";
import { oddities } from "../proto-json/oddities.fixture.js";
import { compileCreate, compileDecode, compileEncode } from "./index.js";

/** The number of cases of each test, over all messages. CODEC_CASES=1000000 runs a long search. */
const cases = Number(process.env["CODEC_CASES"] ?? 2_400);
const runs = { numRuns: Math.ceil(cases / 4) };
const timeout = 20_000 + cases;

/** New descriptors each time, since what is compiled for a descriptor is kept. */
function readSchemas(): DescMessage[] {
  const files = [
    ...compileProto({ "test/odd/v1/odd.proto": oddities }).protoFile,
    ...requestAll().protoFile.filter(({ name }) => !/^test\/odd/.test(name)),
  ];
  const unique = [...new Map(files.map((file) => [file.name, file])).values()];
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: unique }));
  return [...registry].filter(
    (type): type is DescMessage =>
      type.kind === "message" &&
      /^(test\.odd\.|fixture\.|google\.protobuf\.(Timestamp|Struct|\w*Value)$)/.test(type.typeName),
  );
}

/** The result of a function, or the message of its error. */
function attempt(work: () => unknown): unknown {
  try {
    return { value: work() };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

/** The names of all members, in their order. */
function keysOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return undefined;
  return Object.keys(value).map((key) => [key, keysOf((value as Record<string, unknown>)[key])]);
}

describe.each([
  ["as text", true],
  ["where text is forbidden", false],
])("%s", (_, isAllowed) => {
  const schemas = readSchemas();
  const schema = (name: string) => schemas.find(({ typeName }) => typeName === name) as DescMessage;

  beforeAll(() => setTextAllowed(isAllowed));
  afterAll(() => setTextAllowed(undefined));

  const anyMessage = fc.oneof(
    ...schemas.map((desc) =>
      fc.oneof(arbitraryJson(desc, 2), arbitraryJson(desc, 12)).map((json) => [desc, json] as const),
    ),
  );

  /** A message that protobuf-es reads from the JSON; undefined if it refuses the JSON. */
  function toMessage(desc: DescMessage, json: unknown): Message | undefined {
    try {
      return fromJson(desc, json as JsonValue);
    } catch {
      return undefined;
    }
  }

  describe("compileCreate", () => {
    const same = (desc: DescMessage, init: unknown) => {
      const make = compileCreate(desc);
      const actual = attempt(() => make(init));
      const expected = attempt(() => create(desc, init as Record<string, unknown>));
      expectSame(actual, expected);
      // Members that are read from bytes are in another order: protobuf-es adds those with presence when they arrive.
      expect(keysOf(actual)).toEqual(keysOf(expected));
    };

    it("creates empty messages as protobuf-es does", () => {
      for (const desc of schemas) for (const init of [undefined, null, {}, [], "a", 5]) same(desc, init);
    });

    it("creates messages of plain objects as protobuf-es does", { timeout }, () => {
      fc.assert(
        fc.property(anyMessage, ([desc, json]) => {
          const message = toMessage(desc, json);
          if (message === undefined) return;
          same(desc, { ...message, $typeName: undefined });
          same(desc, strip(message));
          same(desc, json);
        }),
        runs,
      );
    });

    it.runIf(isAllowed)("creates messages of any value as protobuf-es does", { timeout }, () => {
      const any = fc.oneof(...schemas.map((desc) => arbitraryAny(desc).map((init) => [desc, init] as const)));
      fc.assert(
        fc.property(any, ([desc, init]) => same(desc, init)),
        runs,
      );
    });

    it.runIf(isAllowed)("creates messages of boundary values in every member as protobuf-es does", () => {
      for (const desc of schemas.filter(({ typeName }) => typeName.startsWith("test.odd."))) {
        for (const member of desc.members) {
          for (const value of [...borderValues, null, undefined, [1, 2], [[1], {}], { a: [1] }, new Map()]) {
            same(desc, { [member.localName]: value });
            same(desc, { [member.localName]: [value] });
            same(desc, { [member.localName]: JSON.parse('{"__proto__":{}}') });
            if (member.kind !== "oneof") continue;
            for (const field of member.fields) same(desc, { [member.localName]: { case: field.localName, value } });
            same(desc, { [member.localName]: { case: value, value } });
          }
        }
      }
    });

    it("returns a message as it is", () => {
      for (const desc of schemas) {
        const message = create(desc);
        expect(compileCreate(desc)(message)).toBe(message);
      }
    });

    it("creates lists, maps and oneofs anew, and uses those that are given", () => {
      const make = compileCreate(schema("test.odd.v1.Holder"));
      const [one, two] = [make(), make()] as Record<string, unknown>[];
      expect(one?.["names"]).not.toBe(two?.["names"]);
    });
  });

  describe("compileEncode", () => {
    const same = (desc: DescMessage, message: unknown) => {
      const encode = compileEncode(desc);
      const expected = attempt(() => toBinary(desc, message as Message));
      expectSame(
        attempt(() => encode(message)),
        expected,
      );
      // What was left of a message that was refused must not be in the next one.
      const empty = create(desc);
      expectSame(
        attempt(() => encode(empty)),
        attempt(() => toBinary(desc, empty)),
      );
    };

    it("writes what protobuf-es writes", { timeout }, () => {
      fc.assert(
        fc.property(anyMessage, ([desc, json]) => {
          const message = toMessage(desc, json);
          if (message !== undefined) same(desc, message);
        }),
        runs,
      );
    });

    it("writes and refuses messages with any values as protobuf-es does", { timeout }, () => {
      const any = fc.oneof(...schemas.map((desc) => arbitraryAny(desc).map((init) => [desc, init] as const)));
      fc.assert(
        fc.property(any, ([desc, init]) => {
          const message = attempt(() => create(desc, init as Record<string, unknown>)) as { value?: Message };
          if (message.value !== undefined) same(desc, message.value);
        }),
        runs,
      );
    });

    it.runIf(isAllowed)("writes boundary values in every member as protobuf-es does", () => {
      const big = [2n ** 31n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, -1n, -(2n ** 63n), -(2n ** 63n) - 1n];
      const texts = ["a".repeat(64), "a".repeat(65), "ä".repeat(20), "ä".repeat(70), "\ud800", "a".repeat(17_000)];
      const values = [...borderValues, ...big, ...texts, new Uint8Array(130), new Uint8Array(0), null, undefined, -0];
      for (const desc of schemas.filter(({ typeName }) => typeName.startsWith("test.odd."))) {
        for (const member of desc.members) {
          for (const value of values) {
            const whole = (given: unknown) => same(desc, Object.assign(create(desc), { [member.localName]: given }));
            whole(value);
            whole([value]);
            whole(Array.from({ length: 130 }, () => value));
            whole(Object.assign(Object.create({ a: 1 }), { key: value }));
            if (member.kind !== "oneof") continue;
            for (const field of member.fields) whole({ case: field.localName, value });
          }
        }
      }
    });

    it("writes messages in messages of any length", () => {
      const value = schema("google.protobuf.Value");
      for (const length of [0, 10, 120, 122, 124, 126, 128, 16_370, 16_376, 16_380, 16_384, 20_000]) {
        const inner = create(value, { kind: { case: "stringValue", value: "a".repeat(length) } });
        const list = { $typeName: "google.protobuf.ListValue", values: [inner, inner] };
        same(schema("google.protobuf.ListValue"), list);
      }
    });

    it("encodes within a getter of a message", () => {
      const desc = schema("google.protobuf.Timestamp");
      const encode = compileEncode(desc);
      const inner = create(desc, { seconds: 5n });
      const outer = { ...inner, nanos: 7 };
      Object.defineProperty(outer, "seconds", { get: () => BigInt(encode(inner).length) });
      expect(encode(outer)).toEqual(toBinary(desc, create(desc, { seconds: 2n, nanos: 7 })));
    });
  });

  describe("compileDecode", () => {
    const same = (desc: DescMessage, bytes: Uint8Array) => {
      const decode = compileDecode(desc);
      expectSame(
        attempt(() => decode(bytes)),
        attempt(() => fromBinary(desc, bytes)),
      );
    };

    it("reads what protobuf-es writes", { timeout }, () => {
      fc.assert(
        fc.property(anyMessage, anyMessage, ([desc, json], [other, otherJson]) => {
          const message = toMessage(desc, json);
          const stranger = toMessage(other, otherJson);
          if (message === undefined || stranger === undefined) return;
          const bytes = attempt(() => toBinary(desc, message)) as { value?: Uint8Array };
          const strange = attempt(() => toBinary(other, stranger)) as { value?: Uint8Array };
          if (bytes.value === undefined || strange.value === undefined) return;
          same(desc, bytes.value);
          same(desc, strange.value);
          // Members that are there twice, and unknown ones.
          same(desc, new Uint8Array([...bytes.value, ...bytes.value]));
          same(desc, new Uint8Array([...bytes.value, ...strange.value]));
        }),
        runs,
      );
    });

    it.runIf(isAllowed)("reads damaged bytes as protobuf-es does", { timeout }, () => {
      const damage = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 3 });
      fc.assert(
        fc.property(anyMessage, damage, fc.nat(200), ([desc, json], changes, length) => {
          const message = toMessage(desc, json);
          const written = message && (attempt(() => toBinary(desc, message)) as { value?: Uint8Array }).value;
          if (written === undefined || written.length === 0) return;
          same(desc, written.subarray(0, length % written.length));
          for (const [at, byte] of changes) {
            const bytes = written.slice();
            bytes[at % bytes.length] = byte;
            same(desc, bytes);
          }
        }),
        runs,
      );
    });

    it("reads any bytes as protobuf-es does", { timeout }, () => {
      fc.assert(fc.property(fc.constantFrom(...schemas), fc.uint8Array({ maxLength: 40 }), same), runs);
    });

    it("reads unusual tags and numbers as protobuf-es does", () => {
      const texts = [
        [0x8a, 0],
        [0x8a, 0x80, 0x80, 0x80, 0],
        [0x8a, 0x80, 0x80, 0x80, 0x10],
        [0x8a, 0x80, 0x80, 0x80, 0x80, 0],
      ];
      const long = (byte: number, last: number) => [...Array.from({ length: 9 }, () => byte), last];
      const numbers = [
        [1],
        [0x81, 0],
        long(0xff, 1),
        long(0xff, 0x7f),
        long(0x80, 2),
        [...long(0x80, 0x80), 0],
        [0xff],
      ];
      for (const desc of schemas.filter(({ typeName }) => typeName.startsWith("test.odd."))) {
        for (const tag of texts) same(desc, new Uint8Array([...tag, 1, 65]));
        for (const { number } of desc.fields) {
          for (const wire of [0, 1, 2, 5]) {
            for (const value of numbers) same(desc, new Uint8Array([...lengthOf(number * 8 + wire), ...value]));
          }
        }
      }
    });

    it("refuses what is nested too deeply", () => {
      const desc = schema("test.odd.v1.Holder");
      expect(desc).toBeDefined();
      const value = schema("google.protobuf.ListValue");
      let bytes: number[] = [];
      // ListValue.values and Value.list_value in turn.
      for (let i = 0; i < 60; i++) {
        const inner = [0x32, ...lengthOf(bytes.length), ...bytes];
        bytes = [0x0a, ...lengthOf(inner.length), ...inner];
        same(value, new Uint8Array(bytes));
      }
    });
  });
});

function lengthOf(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >> 7];
}

/** The same values without the names of types. */
function strip(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(strip);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (key === "$typeName" ? [] : [[key, strip(item)]])),
  );
}
