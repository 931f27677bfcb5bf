// What the head of a response contains, and when it is sent.
import { expect, it } from "vitest";
import type { CallOptions } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { app, envelope, grpcRequest, TestRequest, toOrder } from "./rpc.fixture.js";

it("sends the headers of a handler that fails apart from the trailers, which are no headers to clients", async () => {
  const invoke = (_: never, { responseHeaders, responseTrailers }: CallOptions) => {
    responseHeaders?.append("x-first", "1");
    responseTrailers?.append("x-last", "2");
    return Promise.reject(new PotterError("not_found", "none"));
  };
  const answer = await app([{ invoke }]).send(grpcRequest({ body: envelope("o-1") }));
  expect(answer?.headers).toMatchObject({ "x-first": "1" });
  expect(answer?.headers).not.toHaveProperty("grpc-status");
  expect(answer?.trailers).toEqual({ "x-last": "2", "grpc-status": "5", "grpc-message": "none" });
});

it("waits for the first request of a stream, so that the handler can add headers", async () => {
  const invoke = async (requests: AsyncIterable<unknown>, { responseHeaders }: CallOptions) => {
    async function* items() {
      for await (const _ of requests) {
        responseHeaders?.append("x-first", "1");
        yield toOrder("a");
      }
    }
    return { response: items() };
  };
  const { routes } = app([{ method: { stream: "bidi" }, invoke }]);
  let send: () => void = () => {};
  const sent = new Promise<void>((resolve) => {
    send = resolve;
  });
  async function* body() {
    await sent;
    yield envelope("o-1");
  }
  const response = Promise.resolve(routes(grpcRequest({ body: body() })));
  // Longer than the head waits for the first item.
  await new Promise((resolve) => setTimeout(resolve, 100));
  send();
  expect((await response)?.headers).toMatchObject({ "x-first": "1" });
});

it("leaves a path that REST serves too to REST, unless the app has no REST", async () => {
  const http = [{ method: "POST", path: "/test.v1.Orders/Method0", segments: ["test.v1.Orders", "Method0"] }];
  const request = () => new TestRequest({ headers: { "content-type": "text/plain" }, body: "?" });
  const withRest = app([{ method: { http } }], {}, { transports: ["rpc", "rest"] });
  expect(await withRest.send(request())).toBeUndefined();
  const alone = app([{ method: { http } }], {}, { transports: ["rpc"] });
  expect(await alone.send(request())).toMatchObject({ status: 415 });
});
