import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PotterError } from "../../../errors/index.js";
import {
  decodeBase64Body,
  decodeBase64Chunks,
  type Envelope,
  EnvelopeReader,
  readSingleEnvelope,
  writeEnvelope,
} from "./index.js";

const rules = { limit: 1_000, malformed: "internal" } as const;

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

async function readAll(reader: EnvelopeReader): Promise<Envelope[]> {
  const found: Envelope[] = [];
  for await (const one of reader) found.push(one);
  return found;
}

const concat = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const failure = (error: PotterError) => [error.code, error.message];

describe("an envelope reader", () => {
  it("reads envelopes, however their bytes are cut", async () => {
    const envelope = fc.record({ flags: fc.integer({ min: 0, max: 255 }), data: fc.uint8Array({ maxLength: 1_000 }) });
    const cuts = fc.array(fc.integer({ min: 1, max: 1_500 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(envelope, { maxLength: 8 }), cuts, async (envelopes, sizes) => {
        const bytes = concat(envelopes.map(({ flags, data }) => writeEnvelope(data, flags)));
        const reader = new EnvelopeReader(inChunks(bytes, sizes), rules);
        const found = await readAll(reader);
        expect(found.map(({ flags, data }) => [flags, [...data]])).toEqual(
          envelopes.map(({ flags, data }) => [flags, [...data]]),
        );
        expect(reader.size).toBe(bytes.length);
      }),
      { numRuns: 300 },
    );
  });

  it("refuses truncated and too large envelopes, with the code of its protocol", async () => {
    const whole = writeEnvelope(new Uint8Array(10));
    for (let length = 1; length < whole.length; length++) {
      const reader = new EnvelopeReader(inChunks(whole.slice(0, length), [3]), {
        ...rules,
        malformed: "invalid_argument",
      });
      expect(await readAll(reader).catch(failure)).toEqual([
        "invalid_argument",
        "the request ended in the middle of a message",
      ]);
    }
    const large = new EnvelopeReader(inChunks(Uint8Array.of(0, 0, 0, 3, 0xe9), [5]), rules);
    expect(await readAll(large).catch(failure)).toEqual([
      "resource_exhausted",
      "a message of the request is larger than 1000 bytes",
    ]);
    const huge = new EnvelopeReader(inChunks(Uint8Array.of(0, 255, 255, 255, 255), [5]), rules);
    expect(await readAll(huge).catch(failure)).toMatchObject(["resource_exhausted", expect.any(String)]);
  });

  it("reads no more chunks than an envelope needs, and discards the rest", async () => {
    let chunks = 0;
    let returned = false;
    async function* source() {
      try {
        for (;;) {
          chunks++;
          yield writeEnvelope(Uint8Array.of(chunks));
        }
      } finally {
        returned = true;
      }
    }
    const reader = new EnvelopeReader(source(), rules);
    await reader.next();
    await reader.next();
    expect(chunks).toBe(2);
    await reader.return();
    expect(returned).toBe(true);
  });

  it("fails only with its own errors, whatever it reads", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 60 }), async (bytes, size) => {
        const small = { limit: 20, malformed: "internal" } as const;
        const found = await readAll(new EnvelopeReader(inChunks(bytes, [size]), small)).catch(({ code }) => code);
        if (Array.isArray(found)) expect(found.every(({ data }) => data.length <= 20)).toBe(true);
        else expect(["internal", "resource_exhausted"]).toContain(found);
      }),
      { numRuns: process.env["POTTER_FULL"] === "true" ? 100_000 : 5_000 },
    );
  });
});

describe("a request with one envelope", () => {
  const read = (bytes: Uint8Array) => {
    try {
      return readSingleEnvelope(bytes, rules);
    } catch (error) {
      return failure(error as PotterError);
    }
  };

  it("is read", () => {
    expect(read(writeEnvelope(Uint8Array.of(1, 2), 1))).toEqual({ flags: 1, data: Uint8Array.of(1, 2) });
  });

  it("is refused if it has none, several, or a part of one", () => {
    const exactly = "the method takes exactly one request message, and received";
    const one = writeEnvelope(Uint8Array.of(1));
    expect(read(new Uint8Array(0))).toEqual(["unimplemented", `${exactly} none`]);
    expect(read(concat([one, one]))).toEqual(["unimplemented", `${exactly} more than one`]);
    expect(read(one.slice(0, 3))).toMatchObject(["internal", expect.any(String)]);
    expect(read(one.slice(0, 5))).toMatchObject(["internal", expect.any(String)]);
  });
});

describe("a body in base64", () => {
  const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

  it("is decoded, however it is padded and cut", async () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 9 }), async (parts, size) => {
        const body = new TextEncoder().encode(parts.map(encode).join(""));
        expect([...decodeBase64Body(body)]).toEqual([...concat(parts)]);
        const chunks: Uint8Array[] = [];
        for await (const chunk of decodeBase64Chunks(inChunks(body, [size]))) chunks.push(chunk);
        expect([...concat(chunks)]).toEqual([...concat(parts)]);
      }),
      { numRuns: 300 },
    );
  });

  it("is refused if it is none", () => {
    expect(() => decodeBase64Body(new TextEncoder().encode("AA*A"))).toThrow("the request is not valid base64");
  });
});
