// An app on Deno, Bun and workerd: its WebSockets, Connect and gRPC-Web, from a client on Node.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type Platform, platforms } from "./platforms.js";

const out = mkdtempSync(join(tmpdir(), "potter-platforms-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** A client that keeps what it receives, and answers pings. */
class Client {
  readonly socket: WebSocket;
  readonly received: Record<string, unknown>[] = [];

  private constructor(url: string, protocol: string) {
    this.socket = new WebSocket(url, protocol);
    this.socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Record<string, unknown>;
      this.received.push(frame);
      if (frame["method"] === "$/ping") this.send({ jsonrpc: "2.0", id: frame["id"], result: {} });
    });
  }

  static async open(url: string, protocol: string): Promise<Client> {
    const client = new Client(url, protocol);
    await once(client.socket, "open");
    return client;
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  request(id: number, method: string, ...params: readonly unknown[]): Promise<Record<string, unknown>> {
    this.send({ jsonrpc: "2.0", id, method, params });
    return this.find((frame) => frame["id"] === id);
  }

  find(matches: (frame: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    return expect
      .poll(() => this.received.find(matches), { interval: 10 })
      .toBeDefined()
      .then(() => this.received.find(matches) as Record<string, unknown>);
  }
}

/** The envelopes of a stream: their flags, and their data as JSON. */
function envelopes(body: Uint8Array): [flags: number, data: unknown][] {
  const found: [number, unknown][] = [];
  for (let at = 0; at < body.length; ) {
    const length = Buffer.from(body).readUInt32BE(at + 1);
    found.push([body[at] as number, JSON.parse(Buffer.from(body.subarray(at + 5, at + 5 + length)).toString())]);
    at += 5 + length;
  }
  return found;
}

function envelope(data: string, flags = 0): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(5, flags);
  head.writeUInt32BE(Buffer.byteLength(data), 1);
  return Uint8Array.from(Buffer.concat([head, Buffer.from(data)]));
}

const service = "shop.orders.v1.OrderService";
const line = { sku: "teapot", quantity: 1, unitPrice: "1999" };

describe.each(Object.entries(platforms))("on %s", (name, start) => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await start(out);
  });
  afterAll(() => platform.stop());
  const url = (path: string): string => `ws://127.0.0.1:${platform.port}${path}`;

  it("commands, queries and streams share a connection", async () => {
    const client = await Client.open(url("/ws"), "potter.v1.json");
    expect(client.socket.protocol).toBe("potter.v1.json");
    expect(await client.request(0, "$/open", { token: "t" })).toMatchObject({ result: { heartbeat: 2_000 } });
    const order = { orderId: `o-${name}`, customerEmail: "ada@example.com", lines: [line] };
    const placed = await client.request(1, `${service}/PlaceOrder`, order, { commandId: "c1" });
    expect(placed).toMatchObject({ result: { response: { orderId: order.orderId }, version: 1 } });
    expect(await client.request(2, `${service}/PlaceOrder`, order, { commandId: "c1" })).toMatchObject({
      result: (placed as { result: object }).result,
    });
    expect(await client.request(3, `${service}/GetOrder`, { orderId: "none" })).toMatchObject({
      error: { code: -32005 },
    });
    client.send({
      jsonrpc: "2.0",
      id: 4,
      method: `${service}/WatchOrder`,
      params: [{ orderId: order.orderId }, { credit: 2 }],
    });
    await client.find(({ method }) => method === "$/item");
    await client.request(5, `${service}/CancelOrder`, { orderId: order.orderId, reason: "none" });
    await client.find(({ method, params }) => method === "$/item" && JSON.stringify(params).includes("CANCELLED"));
    client.send({ jsonrpc: "2.0", method: "$/cancel", params: [4] });
    expect(await client.find(({ id }) => id === 4)).toMatchObject({ error: { code: -32001 } });
    client.socket.close(1000);
    const [code] = (await once(client.socket, "close")) as [number];
    // 1005: without a code. 1006 would say that the close was not answered.
    expect([1000, 1005]).toContain(code);
  });

  it("a connection that is silent but for pings is kept, and one that violates the protocol is closed", async () => {
    const client = await Client.open(url("/ws"), "potter.v1.json");
    await client.request(0, "$/open");
    const pings: string[] = [];
    client.socket.on("ping", () => pings.push("ping"));
    // Twice: the first was answered in time.
    await expect
      .poll(() => pings.length + client.received.filter(({ method }) => method === "$/ping").length)
      .toBeGreaterThan(1);
    const closed = once(client.socket, "close");
    client.socket.send(Buffer.from("binary"));
    expect((await closed)[0]).toBe(1003);
  });

  it("GraphQL has its own", async () => {
    const client = await Client.open(url("/graphql"), "graphql-transport-ws");
    client.send({ type: "connection_init" });
    await client.find(({ type }) => type === "connection_ack");
    client.send({ id: "1", type: "subscribe", payload: { query: "{ orders(first: 1) { nodes { orderId } } }" } });
    expect(await client.find(({ type }) => type === "next")).toMatchObject({ payload: { data: { orders: {} } } });
    client.socket.terminate();
  });

  const call = (
    method: string,
    type: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers = {},
  ): Promise<Response> =>
    fetch(url(`/${service}/${method}`).replace("ws:", "http:"), {
      method: "POST",
      headers: { "content-type": type, ...headers },
      body,
    });

  it("Connect calls have responses, errors and compression", async () => {
    const order = JSON.stringify({ orderId: `c-${name}`, customerEmail: "ada@example.com", lines: [line] });
    const headers = { "connect-protocol-version": "1", "content-encoding": "gzip" };
    const placed = await call("PlaceOrder", "application/json", Uint8Array.from(gzipSync(order)), headers);
    expect([placed.status, await placed.json()]).toMatchObject([200, { orderId: `c-${name}` }]);
    const failed = await call("GetOrder", "application/json", '{"orderId":"none"}');
    expect([failed.status, await failed.json()]).toMatchObject([404, { code: "not_found" }]);
    const query = new URLSearchParams({ connect: "v1", encoding: "json", message: `{"orderId":"c-${name}"}` });
    const asked = await fetch(url(`/${service}/GetOrder?${query}`).replace("ws:", "http:"));
    expect([asked.status, await asked.json()]).toMatchObject([200, { orderId: `c-${name}` }]);
  });

  it("a stream over Connect sends items as they come", async () => {
    const order = JSON.stringify({ orderId: `s-${name}`, customerEmail: "ada@example.com", lines: [line] });
    await (await call("PlaceOrder", "application/json", order)).text();
    const watched = await call("WatchOrder", "application/connect+json", envelope(`{"orderId":"s-${name}"}`));
    const reader = watched.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(envelopes(value as Uint8Array)).toMatchObject([[0, { orderId: `s-${name}` }]]);
    await reader?.cancel();
    const refused = await call("WatchOrder", "application/connect+json", envelope('{"orderId":{}}'));
    expect(envelopes(await refused.bytes())).toMatchObject([[2, { error: { code: "invalid_argument" } }]]);
  });

  it("gRPC-Web is served, and gRPC, which needs trailers, is refused", async () => {
    const asked = await call("GetOrder", "application/grpc-web+json", envelope('{"orderId":"none"}'));
    const text = Buffer.from(await asked.bytes()).toString();
    expect([asked.status, asked.headers.get("grpc-status") ?? /grpc-status: ?(\d+)/.exec(text)?.[1]]).toEqual([
      200,
      "5",
    ]);
    const refused = await call("GetOrder", "application/grpc", envelope(""));
    expect([refused.status, await refused.text()]).toEqual([415, expect.stringContaining("trailers")]);
  });

  it("requests are answered beside them, and handshakes of other protocols refused", async () => {
    const answer = await fetch(url("/v1/orders/none").replace("ws:", "http:"));
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, "not_found"]);
    const refused = new WebSocket(url("/ws"), "chat");
    const [, response] = (await once(refused, "unexpected-response")) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(400);
    refused.on("error", () => {}).terminate();
  });

  // Workers receive no signal, and the launcher of Deno in npm passes none on.
  if (name === "Bun") {
    it("clients are asked to connect elsewhere when the server is stopped", async () => {
      const client = await Client.open(url("/ws"), "potter.v1.json");
      await client.request(0, "$/open", {});
      const closed = once(client.socket, "close");
      await platform.stop();
      expect((await closed)[0]).toBe(1001);
      expect(client.received).toContainEqual(expect.objectContaining({ method: "$/goaway" }));
    });
  }
});
