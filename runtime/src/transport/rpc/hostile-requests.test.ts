// Requests that no client sends: each gets a response, a fault of the server gets none of them, and nothing is kept.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { AnyMethod } from "../../cqrs/index.js";
import { app, readAnswer, TestRequest, toOrder } from "./rpc.fixture.js";

const kinds = ["unary", "server", "client", "bidi"] as const;

/** A service whose handlers take all messages of a request and return two. */
const setups = kinds.map((stream) => ({
  method: { stream } as Partial<AnyMethod>,
  invoke: (async (request: AsyncIterable<unknown>) => {
    if (stream === "unary" || stream === "server") return { response: stream === "unary" ? toOrder("a") : items() };
    if (stream === "bidi") return { response: items(request) };
    for await (const _ of request);
    return { response: toOrder("a") };
  }) as never,
}));

async function* items(requests?: AsyncIterable<unknown>) {
  if (requests !== undefined) for await (const _ of requests) yield toOrder("b");
  yield toOrder("c");
}

const types = [
  ...["", "+proto", "+json"].flatMap((format) => [`application/grpc${format}`, `application/grpc-web${format}`]),
  ...["application/grpc-web-text", "application/proto", "application/json"],
  ...["application/connect+proto", "application/connect+json", "text/plain"],
];

/** Bytes that are often almost right: envelopes with any flags and lengths, and any bytes. */
const body = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc
        .tuple(fc.constantFrom(0, 1, 2, 0x80, 255), fc.nat({ max: 12 }), fc.uint8Array({ maxLength: 12 }))
        .map(([flags, length, data]) => Uint8Array.of(flags, 0, 0, 0, length, ...data)),
      fc.constant(Uint8Array.of(0, 0, 0, 0, 3, 10, 1, 97)),
    ),
    { maxLength: 5 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

const header = fc.oneof(
  fc.constantFrom("gzip", "br", "identity", "1", "5S", "100", '"3"', "*"),
  fc.string({ maxLength: 12 }),
);
const names = [
  ...["grpc-encoding", "grpc-accept-encoding", "grpc-timeout", "connect-timeout-ms", "connect-protocol-version"],
  ...["connect-content-encoding", "connect-accept-encoding", "accept-encoding", "if-match", "idempotency-key"],
];

const request = fc.record({
  method: fc.constantFrom("POST", "POST", "POST", "GET", "OPTIONS", "PUT"),
  path: fc.constantFrom(...kinds.map((_, index) => `/test.v1.Orders/Method${index}`), "/test.v1.Orders/Nope", "/"),
  query: fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ maxLength: 20 }).map((message) => `base64=1&encoding=proto&message=${message}`),
  ),
  type: fc.constantFrom(...types),
  headers: fc.dictionary(fc.constantFrom(...names), header, { maxKeys: 3 }),
  body,
  size: fc.integer({ min: 1, max: 40 }),
  trailers: fc.boolean(),
});

async function* inChunks(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

it("gets a response for whatever it sends", async () => {
  const { routes, error } = app(setups, { maxMessageSize: 1_000 });
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(request, async ({ type, headers, size, body: bytes, trailers, ...rest }) => {
      const init = { ...rest, headers: { ...headers, "content-type": type }, body: inChunks(bytes, size), trailers };
      const response = await routes(new TestRequest({ ...init, fullDuplex: trailers }));
      if (response === undefined) return;
      const answer = await readAnswer(response);
      answered++;
      const isWhole =
        answer.trailers !== undefined || "grpc-status" in answer.headers || !type.startsWith("application/grpc");
      if (answer.status === 200 && rest.method === "POST" && !type.includes("web")) expect(isWhole).toBe(true);
      expect(answer.status).not.toBe(500);
      const code = answer.trailers?.["grpc-status"] ?? answer.headers["grpc-status"] ?? "0";
      // Neither unknown nor lost data; "internal" is what the protocol demands for broken envelopes.
      expect(["2", "15"]).not.toContain(code);
    }),
    { numRuns: process.env["POTTER_FULL"] === "true" ? 100_000 : 3_000 },
  );
  expect(answered).toBeGreaterThan(1_000);
  // What clients send is no fault of the server.
  expect(error.mock.calls.filter(([, fields]) => fields.error?.code === undefined)).toEqual([]);
});

it("of many small chunks costs memory for its message only", async () => {
  const { send } = app(setups);
  const length = 300_000;
  async function* chunks() {
    yield Uint8Array.of(0, 0, length >> 16, (length >> 8) & 255, length & 255);
    const chunk = Uint8Array.of(0);
    for (let i = 0; i < length; i++) yield chunk;
  }
  const answer = await send(
    new TestRequest({
      path: "/test.v1.Orders/Method2",
      headers: { "content-type": "application/grpc" },
      body: chunks(),
    }),
  );
  expect(answer?.headers["grpc-status"]).toBe("3");
});
