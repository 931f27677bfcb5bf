import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { messagePack } from "../../adapters/messagepack/index.js";
import { type RunningServer, serve } from "../../adapters/node/index.js";
import type { AnyMethod } from "../../cqrs/index.js";
import { createGate } from "../../http/index.js";
import { type Hostile, hostile, text } from "./hostile-requests.fixture.js";
import { get, order, post, variable } from "./rest.fixture.js";
import { rest } from "./rest.js";

// Hostile requests. The response to each is a success or a problem with a 4xx status, and the server keeps running.

const error = vi.fn();
const update = { method: "PATCH", segments: ["orders", variable("parent.order_id", "*")], body: "parent" };
const files = { method: "GET", segments: ["files", variable("order_id", "**")] };
const method = (http: typeof post | typeof update | typeof get, name: string, more: object = {}): AnyMethod =>
  ({
    service: "test.v1.Orders",
    name,
    kind: http.method === "GET" ? "query" : "command",
    stream: "unary",
    request: order,
    response: order,
    errors: {},
    http: [{ path: `/${name}`, ...http }],
    ...more,
  }) as unknown as AnyMethod;

let server: RunningServer;
beforeAll(async () => {
  const methods = [
    method(post, "place"),
    method(get, "get"),
    method(update, "update", { updateMask: { mask: "mask", resource: "parent" } }),
    method(files as never, "files"),
  ];
  const options = {
    maxBodySize: 20_000,
    formats: [messagePack()],
    etag: "body",
  } as const;
  const logger = { debug() {}, info() {}, warn() {}, error };
  const { csrf, open } = createGate({ cors: { origins: ["https://shop.example.com"] } });
  const routes = rest(options).mount({
    csrf,
    methods: methods.map((one) => ({ method: one, invoke: async (request) => ({ response: request }) })),
    logger,
    dispatch: () => Promise.reject(new Error("REST calls methods as they are bound")),
  });
  server = await serve(
    { handle: open([routes]), start: async () => {}, stop: async () => {} },
    { requestTimeout: 500, logger },
  );
});
afterAll(() => server.stop());

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

function send({ verb, path, headers, body }: Hostile): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { port: server.port, method: verb, path, headers: { ...headers, "content-length": body.length } },
      (incoming) => {
        let received = "";
        incoming.on("data", (chunk) => {
          received += chunk;
        });
        incoming.on("end", () =>
          resolve({ status: incoming.statusCode ?? 0, type: incoming.headers["content-type"], text: received }),
        );
        incoming.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** The fault of a response; undefined: none. */
function findFault({ status, type, text: received }: Answer, verb: string): string | undefined {
  if (status >= 200 && status < 400) return undefined;
  if (status < 400 || status >= 500) return `status ${status}: ${received}`;
  if (type !== "application/problem+json") return `status ${status} is no problem but ${type}`;
  if (verb === "HEAD") return undefined;
  const problem = JSON.parse(received) as { status?: unknown; code?: unknown };
  return problem.status === status && typeof problem.code === "string" ? undefined : `no problem: ${received}`;
}

async function attack(numRuns: number, seed: number): Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(hostile, async (request) => {
      const answer = await send(request);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      expect(findFault(answer, request.verb)).toBeUndefined();
      expect(answer.text).not.toMatch(/node_modules|\bat .*:\d+:\d+/);
    }),
    { numRuns, seed, endOnFailure: true },
  );
  return statuses;
}

it("get a success or a problem, and leak nothing", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const heap = (): number => {
    gc();
    return process.memoryUsage().heapUsed;
  };
  await attack(300, 1);
  const before = heap();
  const statuses = await attack(1500, 2);
  const between = heap();
  await attack(1500, 3);
  const after = heap();
  // The requests are mixed: bodies are read, refused, too large or of a wrong type; paths exist or not.
  for (const status of [200, 400, 404, 405, 406, 412, 413, 415])
    expect([status, statuses.get(status)]).toEqual([status, expect.any(Number)]);
  // Memory that the first half allocated once must not be allocated again by the second.
  expect(after - between).toBeLessThan(Math.max(8_000_000, 2 * (between - before)));
  expect(error).not.toHaveBeenCalled();
  expect(({} as { orderId?: unknown }).orderId).toBeUndefined();
  const answer = await send({
    verb: "POST",
    path: "/orders",
    headers: { "content-type": "application/json" },
    body: text('{"orderId":"1"}'),
  });
  expect(answer).toMatchObject({ status: 200, text: '{"orderId":"1"}' });
});

it("that never end are released, while others are answered", async () => {
  const head = "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n";
  const slow = Array.from(
    { length: 20 },
    () =>
      new Promise<string>((resolve) => {
        let received = "";
        const socket = connect(server.port, "127.0.0.1", () => socket.write(head));
        const drip = setInterval(() => socket.write(" "), 100);
        socket.on("data", (chunk) => {
          received += chunk;
        });
        socket.on("error", () => {});
        socket.on("close", () => {
          clearInterval(drip);
          resolve(received);
        });
      }),
  );
  const meanwhile = await send({
    verb: "POST",
    path: "/orders",
    headers: { "content-type": "application/json" },
    body: text("{}"),
  });
  expect(meanwhile.status).toBe(200);
  for (const received of await Promise.all(slow)) expect(received).toMatch(/^HTTP\/1.1 408 .*problem\+json/s);
  expect(
    (await send({ verb: "POST", path: "/orders", headers: { "content-type": "application/json" }, body: text("{}") }))
      .status,
  ).toBe(200);
});
