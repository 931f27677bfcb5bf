import { describe, expect, it } from "vitest";
import { createClient } from "../client/index.js";
import type { PotterClientError } from "../errors/index.js";
import { command, serverStream } from "../methods/index.js";
import { connectTransport } from "./connect-transport.js";

const place = command<object, { id: string }>({ service: "a.B", name: "Place" });
const watch = serverStream<object, { id: string }>({ service: "a.B", name: "Watch" });

/** A client whose server always gives the same answer. */
function clientOf(body: BodyInit, init: ResponseInit) {
  const fetch = async () => new Response(body, init);
  return createClient({ transport: connectTransport({ baseUrl: "http://a", fetch }), retry: false });
}

function envelope(flags: number, text: string): Uint8Array<ArrayBuffer> {
  const data = Buffer.from(text);
  const bytes = new Uint8Array(5 + data.length);
  bytes[0] = flags;
  new DataView(bytes.buffer).setUint32(1, data.length);
  bytes.set(data, 5);
  return bytes;
}

async function collect(client: ReturnType<typeof clientOf>) {
  const ids: string[] = [];
  let error: PotterClientError | undefined;
  try {
    for await (const { id } of watch(client, {})) ids.push(id);
  } catch (thrown) {
    error = thrown as PotterClientError;
  }
  return { ids, error };
}

const streamed = { headers: { "content-type": "application/connect+json", "x-first": "1" } };

describe("an error of Connect", () => {
  it("has the headers and trailers of the response", async () => {
    const headers = { "content-type": "application/json", "x-first": "1", "trailer-x-last": "2" };
    const client = clientOf('{"code":"not_found","message":"none"}', { status: 404, headers });
    const { error } = await place(client, {}).safe();
    expect(error).toMatchObject({ code: "not_found", message: "none" });
    expect([error?.headers?.get("x-first"), error?.trailers?.get("x-last")]).toEqual(["1", "2"]);
  });

  it("that ends a stream has its metadata as trailers", async () => {
    const end = envelope(2, '{"error":{"code":"aborted","message":"late"},"metadata":{"X-Last":["2","3"]}}');
    const { ids, error } = await collect(clientOf(new Blob([envelope(0, '{"id":"a"}'), end]), streamed));
    expect(ids).toEqual(["a"]);
    expect(error).toMatchObject({ code: "aborted", message: "late", interrupted: false });
    expect([error?.headers?.get("x-first"), error?.trailers?.get("x-last")]).toEqual(["1", "2, 3"]);
  });
});

describe("an answer that is not complete", () => {
  it.each([
    ["within an envelope", envelope(0, '{"id":"a"}').subarray(0, 9)],
    ["before the envelope that ends it", envelope(0, '{"id":"a"}')],
  ])("is an error that lets a stream continue: %s", async (_, body) => {
    const { error } = await collect(clientOf(body, streamed));
    expect(error).toMatchObject({ code: "internal", interrupted: true });
  });

  it("ends without an error if the last envelope says null", async () => {
    const body = new Blob([envelope(0, '{"id":"a"}'), envelope(2, '{"error":null}')]);
    expect(await collect(clientOf(body, streamed))).toEqual({ ids: ["a"], error: undefined });
  });
});

describe("an answer of another content type", () => {
  it.each([
    ["text/html", "unknown"],
    ["", "unknown"],
    ["application/proto", "internal"],
  ])("is an error: %j", async (type, code) => {
    const { error } = await place(clientOf('{"id":"a"}', { headers: { "content-type": type } }), {}).safe();
    expect(error?.code).toBe(code);
  });

  it("may have parameters", async () => {
    const headers = { "content-type": "application/json; charset=utf-8" };
    expect(await place(clientOf('{"id":"a"}', { headers }), {})).toEqual({ id: "a" });
  });
});
