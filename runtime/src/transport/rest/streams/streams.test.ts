import { create, toJson } from "@bufbuild/protobuf";
import { describe, expect, it, vi } from "vitest";
import { type CallOptions, withStreamItemId } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import { OrderSchema } from "../../../message/fixture.test.proto.js";
import type { RestOptions } from "../options.js";
import { app, get } from "../rest.fixture.js";

describe("server streams", () => {
  const orders = (...ids: string[]) => ids.map((orderId) => create(OrderSchema, { orderId }));
  const streaming = (items: () => AsyncIterable<unknown>, options?: RestOptions) =>
    app([{ http: get, method: { stream: "server" }, invoke: async () => ({ response: items() }) }], options);

  it("are server-sent events with an end", async () => {
    const { send } = streaming(async function* () {
      yield* orders("1", "2");
    });
    const answer = await send("GET", "/orders/1", { headers: { accept: "text/event-stream" } });
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    const data = (orderId: string) => JSON.stringify(toJson(OrderSchema, create(OrderSchema, { orderId })));
    expect(answer.text).toBe(`data: ${data("1")}\n\ndata: ${data("2")}\n\nevent: end\ndata:\n\n`);
  });

  it("report an error as their last event", async () => {
    const { send } = streaming(async function* () {
      yield* orders("1");
      throw new PotterError("unavailable", "try later");
    });
    const events = (await send("GET", "/orders/1")).text.split("\n\n");
    const error = /^event: error\ndata: (.*)$/.exec(events[1] ?? "")?.[1] ?? "";
    expect(JSON.parse(error)).toMatchObject({ status: 503, code: "unavailable", detail: "try later" });
  });

  it("that fail before they begin are a plain problem", async () => {
    const invoke = () => Promise.reject(new PotterError("not_found", "no order"));
    const { send } = app([{ http: get, method: { stream: "server" }, invoke }]);
    expect((await send("GET", "/orders/1")).status).toBe(404);
  });

  it("send comments in silence", async () => {
    const { send } = streaming(
      async function* () {
        await new Promise((resolve) => setTimeout(resolve, 200));
        yield* orders("1");
      },
      { heartbeat: 20 },
    );
    expect((await send("GET", "/orders/1")).text).toMatch(/^:\n\n(:\n\n)*data: \{/);
  });

  it("are returned when the client disconnects", async () => {
    let returned = false;
    const { handle } = streaming(async function* () {
      try {
        for (;;) {
          yield* orders("1");
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      } finally {
        returned = true;
      }
    });
    const controller = new AbortController();
    const response = await handle(new Request("http://test/orders/1", { signal: controller.signal }));
    const reader = response.body?.getReader();
    await reader?.read();
    controller.abort();
    await vi.waitFor(() => expect(returned).toBe(true));
  });

  it("send the ids that the handler sets, and pass the last one to it on reconnection", async () => {
    const all = orders("a", "b", "c");
    const invoke = async (_: unknown, { lastEventId }: CallOptions) => ({
      response: (async function* () {
        const from = all.findIndex((item) => (item as unknown as { orderId: string }).orderId === lastEventId) + 1;
        for (const item of all.slice(from))
          yield withStreamItemId(item, (item as unknown as { orderId: string }).orderId);
      })(),
    });
    const { send } = app([{ http: get, method: { stream: "server" }, invoke }]);
    const idsOf = ({ text }: { text: string }) => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id);
    expect(idsOf(await send("GET", "/orders/1"))).toEqual(["a", "b", "c"]);
    expect(idsOf(await send("GET", "/orders/1", { headers: { "last-event-id": "b" } }))).toEqual(["c"]);
  });

  it("send the reconnection time, if it is set", async () => {
    const { send } = streaming(() => (async function* () {})(), { retry: 2500 });
    expect((await send("GET", "/orders/1")).text).toBe("retry: 2500\n\nevent: end\ndata:\n\n");
  });

  it.each([
    ["at once", 0, 404],
    ["long after their head", 300, 200],
  ])("whose first item fails %s are %3$i", async (_, delay, status) => {
    const { send } = streaming(async function* () {
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      yield* orders();
      throw new PotterError("not_found", "no order");
    });
    const answer = await send("GET", "/orders/1");
    expect(answer.status).toBe(status);
    expect(answer.text).toContain('"code":"not_found"');
  });

  it("are returned if no client reads them", async () => {
    const returned = vi.fn();
    const { handle } = streaming(async function* () {
      try {
        yield* orders("1", "2");
      } finally {
        returned();
      }
    });
    const response = await handle(new Request("http://test/orders/1"));
    await response.body?.cancel();
    await vi.waitFor(() => expect(returned).toHaveBeenCalledOnce());
  });

  it("are returned when an item cannot be written", async () => {
    const returned = vi.fn();
    const { send, error } = streaming(async function* () {
      try {
        yield { $typeName: "test.v1.Order" };
        yield* orders("1");
      } finally {
        returned();
      }
    });
    expect((await send("GET", "/orders/1")).text).toMatch(/^event: error\ndata: .*"code":"internal"/);
    expect(error).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(returned).toHaveBeenCalledOnce());
  });
});

describe("the id of an item", () => {
  it.each(["", "a\nb", "a\rb", "a\0"])("is a text of one line: not %j", (id) => {
    expect(() => withStreamItemId({}, id)).toThrow("is not a valid item id: expected one line of text");
  });
});
