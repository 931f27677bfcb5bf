import { brotliCompressSync, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { PotterError } from "../../../errors/index.js";
import type { Coding } from "./coding.js";
import { Compressions, decompress, openEnvelope, sealEnvelope } from "./index.js";
import { createWebCodings } from "./web-codings.js";

const all = new Compressions(["gzip", "br"], 10);
const gzip = all.find("gzip") as Coding;
const web = createWebCodings()[0] as Coding;
const rules = { limit: 1_000, malformed: "internal" } as const;
const text = new Uint8Array(500).fill(97);
const failure = (error: PotterError) => [error.code, error.message];

describe.each([
  ["node:zlib", gzip],
  ["the Compression standard", web],
])("gzip by %s", (_, coding) => {
  it("is what others read and write", async () => {
    expect(new Uint8Array(gunzipSync(await coding.compress(text)))).toEqual(text);
    expect(new Uint8Array(await coding.decompress(gzipSync(text), 500))).toEqual(text);
  });

  it("refuses a bomb, and what is not gzip", async () => {
    const bomb = gzipSync(new Uint8Array(50_000_000));
    expect(await decompress(coding, bomb, rules).catch(failure)).toEqual([
      "resource_exhausted",
      "a message of the request is larger than 1000 bytes",
    ]);
    const invalid = ["internal", "a message of the request is not valid gzip, which its header names"];
    expect(await decompress(coding, text, rules).catch(failure)).toEqual(invalid);
    expect(await decompress(coding, gzipSync(text).subarray(0, 15), rules).catch(failure)).toEqual(invalid);
  });

  it("does not inflate an empty message", async () => {
    expect(await decompress(coding, new Uint8Array(0), rules)).toHaveLength(0);
  });
});

describe("compressions", () => {
  it("include brotli on Node", async () => {
    const br = all.find("br") as Coding;
    expect(new Uint8Array(await br.decompress(brotliCompressSync(text), 500))).toEqual(text);
    expect(new Uint8Array(await br.decompress(await br.compress(text), 500))).toEqual(text);
    expect(await decompress(br, brotliCompressSync(new Uint8Array(5_000_000)), rules).catch(failure)).toMatchObject([
      "resource_exhausted",
      expect.any(String),
    ]);
  });

  it("are found by the header of a request", () => {
    for (const header of [undefined, "", "identity", " Identity "]) expect(all.find(header)).toBeUndefined();
    expect(all.find("GZIP")).toBe(gzip);
    expect(() => all.find("zstd")).toThrow(
      "the compression of the request is not supported: expected one of identity,gzip,br",
    );
    expect(() => new Compressions([], 0).find("gzip")).toThrow("expected one of identity");
  });

  it("are chosen by what a client accepts, in the order of the option", () => {
    const choose = (header: string | undefined, one = all) => one.accepted(header)?.name;
    expect(choose(undefined)).toBeUndefined();
    expect(choose("identity,deflate")).toBeUndefined();
    expect(choose("identity, deflate , gzip")).toBe("gzip");
    expect(choose("br;q=1.0, gzip;q=0.5")).toBe("gzip");
    expect(choose("br, gzip;q=0")).toBe("br");
    expect(choose("gzip", new Compressions(["br"], 0))).toBeUndefined();
    expect(choose("gzip, br", new Compressions(["br", "gzip"], 0))).toBe("br");
  });
});

describe("a message in an envelope", () => {
  it("is compressed from the threshold on", async () => {
    const small = await sealEnvelope(text.subarray(0, 9), gzip, 10);
    expect([small[0], small.length]).toEqual([0, 14]);
    const large = await sealEnvelope(text, gzip, 10);
    expect(large[0]).toBe(1);
    expect(new Uint8Array(gunzipSync(large.subarray(5)))).toEqual(text);
    expect((await sealEnvelope(text, undefined, 0))[0]).toBe(0);
    expect((await sealEnvelope(new Uint8Array(0), gzip, 0))[0]).toBe(0);
  });

  it("is opened as its flags say", async () => {
    const open = async (flags: number, data: Uint8Array, coding?: Coding) =>
      openEnvelope({ flags, data }, coding, rules);
    expect(await open(0, text, gzip)).toEqual(text);
    expect(new Uint8Array(await open(1, gzipSync(text), gzip))).toEqual(text);
    expect(await open(1, gzipSync(text)).catch(failure)).toEqual([
      "internal",
      "a message of the request is compressed, but no header names the compression",
    ]);
    for (const flags of [2, 3, 0x80, 0xff]) {
      expect(await open(flags, text, gzip).catch(failure)).toMatchObject([
        "internal",
        expect.stringContaining("reserved"),
      ]);
    }
  });
});
