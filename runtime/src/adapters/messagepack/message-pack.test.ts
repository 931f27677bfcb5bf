import type { JsonValue } from "@bufbuild/protobuf";
import { ExtData, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messagePack } from "./index.js";

const { read, write } = messagePack();
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
/** `count` nested arrays. */
const nested = (count: number): Uint8Array => bytes(...Array.from({ length: count }, () => 0x91), 0xc0);

describe("MessagePack", () => {
  it("round-trips every value of JSON", () => {
    const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes("__proto__"));
    fc.assert(
      fc.property(json, (value) => {
        const written = JSON.parse(JSON.stringify(value)) as JsonValue;
        expect(read(write(written), 100)).toEqual(written);
      }),
    );
  });

  it("reads values without a JSON form as ProtoJSON writes them", () => {
    const value = {
      bytes: bytes(1, 2, 250),
      big: 2n ** 63n - 1n,
      safe: 2n ** 53n - 1n,
      time: new Date(Date.UTC(2024, 0, 2, 3, 4, 5, 600)),
      numbers: [Number.NaN, Number.NEGATIVE_INFINITY],
    };
    expect(read(encode(value, { useBigInt64: true }), 10)).toEqual({
      bytes: "AQL6",
      big: "9223372036854775807",
      safe: 9007199254740991,
      time: "2024-01-02T03:04:05.600Z",
      numbers: ["NaN", "-Infinity"],
    });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["a value that is cut off", bytes(0x81, 0xa1), /not valid MessagePack/],
    ["a length that is cut off", bytes(0xdd, 0xff), /not valid MessagePack/],
    ["an array that claims more than there is", bytes(0xdd, 0x7f, 0xff, 0xff, 0xff, 0xc0), /not valid MessagePack/],
    ["a map that claims more than there is", bytes(0xdf, 0x7f, 0xff, 0xff, 0xff, 0xc0), /not valid MessagePack/],
    ["a text that claims more than there is", bytes(0xdb, 0x7f, 0xff, 0xff, 0xff, 0x41), /not valid MessagePack/],
    ["a byte that means nothing", bytes(0xc1), /not valid MessagePack/],
    ["more than one value", bytes(0xc0, 0xc0), /not valid MessagePack/],
    ["a key that is no text", bytes(0x81, 0x01, 0x02), /strings as keys/],
    ["a key that is the prototype", encode(JSON.parse('{"__proto__":{}}')), /strings as keys/],
    ["a key twice", bytes(0x82, 0xa1, 0x61, 0x01, 0xa1, 0x61, 0x02), /duplicate key/],
    ["an extension", encode(new ExtData(7, bytes(1))), /extension/],
    ["a timestamp out of range", bytes(0xc7, 12, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0), /range/],
    ["nesting", nested(11), /nested more than 10 levels/],
  ])("refuses %s", (_, body, message) => {
    expect(() => read(body, 10)).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringMatching(message) }),
    );
  });

  it("limits nesting", () => {
    expect(JSON.stringify(read(nested(10), 10))).toBe(`${"[".repeat(10)}null${"]".repeat(10)}`);
  });

  it("reads random bytes as a value or rejects them", () => {
    const body = fc.uint8Array({ minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(body, (random) => {
        try {
          JSON.stringify(read(random, 5));
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
        }
      }),
      { numRuns: 5000 },
    );
  });
});
