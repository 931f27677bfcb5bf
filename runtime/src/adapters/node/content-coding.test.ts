import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { platformCodings } from "../../http/body/content-coding.js";
import { fetchHandler, type HttpHandler } from "../../http/index.js";
import { type RunningServer, serve } from "./serve.js";

const limit = 1_000;
const echo: HttpHandler = async (request) => ({
  status: 200,
  headers: {},
  body: request.path === "/bytes" ? await request.bytes(limit) : await request.text(limit),
});

let server: RunningServer;
beforeAll(async () => {
  server = await serve({ handle: echo, start: async () => {}, stop: async () => {} }, { drainTimeout: 0 });
});
afterAll(() => server.stop());

const surfaces: readonly (readonly [string, (path: string, init: RequestInit) => Promise<Response>])[] = [
  ["serve", (path, init) => fetch(`${server.url}${path}`, init)],
  ["fetch", (path, init) => fetchHandler(echo)(new Request(`http://test${path}`, init))],
];

const text = "é, over and over ".repeat(20);
const coded = (coding: string, body: Uint8Array | string): RequestInit => ({
  method: "POST",
  headers: { "content-encoding": coding },
  body: body as BodyInit,
});

describe.each(surfaces)("the body of a request, by %s", (surface, send) => {
  const brotli = surface === "serve" || platformCodings().includes("br");

  type Case = readonly [coding: string, body: Uint8Array | string];

  it.each<Case>([
    ["gzip", gzipSync(text)],
    ["x-gzip", gzipSync(text)],
    ["GZIP ", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["identity", text],
    ["", text],
    ...(brotli ? [["br", brotliCompressSync(text)] as Case] : []),
  ])("may be in %s", async (coding, body) => {
    const answer = await send("/text", coded(coding, body));
    expect([answer.status, await answer.text()]).toEqual([200, text]);
    const bytes = await send("/bytes", coded(coding, body));
    expect(await bytes.text()).toBe(text);
  });

  it.each(["zstd", "gzip, gzip", "gzip, br", "nonsense", ...(brotli ? [] : ["br"])])(
    "may not be encoded in %s: the 415 lists the supported codings",
    async (coding) => {
      const answer = await send("/text", coded(coding, text));
      expect(answer.status).toBe(415);
      expect(answer.headers.get("accept-encoding")).toBe(`gzip, deflate${brotli ? ", br" : ""}`);
      expect(await answer.json()).toMatchObject({
        code: "invalid_argument",
        detail: expect.stringContaining("Content-Encoding"),
      });
    },
  );

  const bomb = Buffer.alloc(100 * 1024 * 1024);
  it.each<Case>([
    ["gzip", gzipSync(bomb).subarray(0, limit)],
    ["gzip", gzipSync(Buffer.alloc(limit + 1))],
    ["deflate", deflateSync(bomb).subarray(0, limit)],
    ...(brotli ? [["br", brotliCompressSync(bomb)] as Case] : []),
  ])("is refused when it inflates beyond the limit: %s", async (coding, body) => {
    const answer = await send("/text", coded(coding, body));
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, "resource_exhausted"]);
  });

  it("may have the maximum size after decompression", async () => {
    const answer = await send("/text", coded("gzip", gzipSync("x".repeat(limit))));
    expect([answer.status, (await answer.text()).length]).toEqual([200, limit]);
  });

  it.each<Case>([
    ["gzip", Buffer.from("nonsense")],
    ["gzip", gzipSync(text).subarray(0, 20)],
    ["deflate", Buffer.from("nonsense")],
    ...(brotli ? [["br", Buffer.from("nonsense")] as Case] : []),
  ])("is refused when it is not in %s", async (coding, body) => {
    const answer = await send("/text", coded(coding, body));
    expect([answer.status, await answer.json()]).toMatchObject([400, { detail: expect.stringContaining(coding) }]);
  });

  it("must be UTF-8 after decompression", async () => {
    const answer = await send("/text", coded("gzip", gzipSync(Buffer.from([0xff]))));
    expect([answer.status, await answer.json()]).toMatchObject([400, { detail: expect.stringContaining("UTF-8") }]);
  });
});
