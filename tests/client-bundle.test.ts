// What a page pays for the client: sizes in KB of 1024 bytes, with bounds, and what bundlers leave out. The figures of the guide about clients are these.
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { bundleNeutral, filesOf } from "../scripts/service-bundles.mjs";

const core = `
  import { connectTransport, createClient } from "./client/src/index.ts";
  import { command, pagedQuery, query } from "./client/src/codegen/index.ts";
  export const place = command({ service: "s", name: "P", repeat: "keyed" });
  export const get = query({ service: "s", name: "G" });
  export const list = pagedQuery({ service: "s", name: "L", pages: { items: "items" } });
`;
const connect = `${core} export const client = createClient({ transport: connectTransport({ baseUrl: "/" }) });`;
const streams = `export { serverStream } from "./client/src/codegen/index.ts";`;
const webSocket = `export { webSocketTransport } from "./client/src/websocket/index.ts";`;

async function bundle(
  code: string,
): Promise<{ readonly bytes: number; readonly files: readonly string[]; readonly text: string }> {
  const built = await bundleNeutral(code);
  expect(built.warnings).toEqual([]);
  const inputs = Object.values(built.metafile.inputs).flatMap((input) => input.imports);
  expect(inputs.filter((one) => one.external)).toEqual([]);
  const contents = built.outputFiles[0]?.contents ?? new Uint8Array();
  const files = filesOf(built).map(([path]) => path);
  return { bytes: gzipSync(contents, { level: 9 }).byteLength, files, text: new TextDecoder().decode(contents) };
}

it.each([
  ["commands, queries and lists over Connect", connect, 6],
  ["these and streams that resume", connect + streams, 7],
  ["these over WebSockets too", connect + streams + webSocket, 10],
  [
    "all of @potter/client",
    `export * from "./client/src/index.ts"; export * from "./client/src/codegen/index.ts";`,
    7.5,
  ],
])("%s are small", async (name, code, bound) => {
  const kilobytes = (await bundle(code)).bytes / 1024;
  process.stdout.write(`${name}: ${kilobytes.toFixed(2)} KB minified and zipped\n`);
  expect(kilobytes).toBeLessThan(bound);
});

it("streams, WebSockets, REST and codecs are in a bundle only if it uses them", async () => {
  const { files } = await bundle(connect);
  const foreign =
    /client\/src\/(rest|websocket|problem|grpc|local|mock|tanstack|es|ts-proto|envelopes)\/|stream-call|resuming/;
  expect(files.filter((path) => foreign.test(path))).toEqual([]);
  expect(files.some((path) => path.includes("client/src/connect/"))).toBe(true);
});

it("a method of a generated client is in a bundle only if it is used", async () => {
  const generated = "./examples/shop/gen/shop/orders/v1/orders_client.ts";
  const { text } = await bundle(`export { getOrder } from "${generated}";`);
  expect(text).toContain("GetOrder");
  expect(text).not.toMatch(/PlaceOrder|ListOrders|WatchOrder|OrderCancelled/);
  expect((await bundle(`export { OrderService } from "${generated}";`)).text).toMatch(/PlaceOrder[\s\S]*WatchOrder/);
});

it.each(["index", "rest/index", "websocket/index", "local/index", "mock/index", "tanstack/index", "ts-proto/index"])(
  "%s needs nothing but itself, on any platform",
  async (entry) => {
    const { files, text } = await bundle(`export * from "./client/src/${entry}.ts";`);
    expect(files.filter((path) => !path.startsWith("client/src/"))).toEqual([]);
    expect(text).not.toMatch(/\b(from|import|require)\s*\(?\s*["'`]/);
  },
);
