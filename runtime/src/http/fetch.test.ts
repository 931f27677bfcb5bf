import { describe, expect, it } from "vitest";
import { fetchHandler, firstOf, type HttpRequest } from "./index.js";

const send = (handler: Parameters<typeof fetchHandler>[0], path = "/", init?: RequestInit) =>
  fetchHandler(handler)(new Request(`http://test${path}`, init));

describe("fetchHandler", () => {
  it("passes on path and query as they were sent", async () => {
    const seen: string[] = [];
    const handler = (request: HttpRequest) => {
      seen.push(
        request.method,
        request.path,
        request.query,
        request.header("x-a") ?? "",
        request.header("x-b") ?? "none",
      );
      return { status: 204, headers: { "x-c": "c" } };
    };
    const answer = await send(handler, "/a%2Fb?c=%20d", { headers: { "X-A": "1" } });
    expect(seen).toEqual(["GET", "/a%2Fb", "c=%20d", "1", "none"]);
    expect([answer.status, answer.headers.get("x-c")]).toEqual([204, "c"]);
  });

  it("limits bodies, also those of unknown length", async () => {
    const handler = async (request: HttpRequest) => ({ status: 200, headers: {}, body: await request.text(5) });
    expect(await (await send(handler, "/", { method: "POST", body: "12345" })).text()).toBe("12345");
    const stream = new ReadableStream({
      start(controller) {
        for (const text of ["123", "456"]) controller.enqueue(new TextEncoder().encode(text));
        controller.close();
      },
    });
    const answer = await send(handler, "/", { method: "POST", body: stream, duplex: "half" } as RequestInit);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, "resource_exhausted"]);
    const bytes = async (request: HttpRequest) => ({ status: 200, headers: {}, body: await request.bytes(5) });
    expect((await send(bytes, "/", { method: "POST", body: "123456" })).status).toBe(413);
    expect(await (await send(bytes, "/", { method: "POST", body: "é" })).text()).toBe("é");
  });

  it("reads a body as it arrives, and cancels what is not read", async () => {
    let cancelled = false;
    const stream = (chunks: readonly string[], ends: boolean) =>
      new ReadableStream({
        start(controller) {
          for (const text of chunks) controller.enqueue(new TextEncoder().encode(text));
          if (ends) controller.close();
        },
        cancel() {
          cancelled = true;
        },
      });
    const read = (most: number) => async (request: HttpRequest) => {
      const texts: string[] = [];
      for await (const chunk of request.chunks()) {
        texts.push(new TextDecoder().decode(chunk));
        if (texts.length === most) break;
      }
      return { status: 200, headers: { "x-read": texts }, body: texts.join("|") };
    };
    const post = (body?: ReadableStream) => ({ method: "POST", body, duplex: "half" }) as RequestInit;
    const whole = await send(read(9), "/", post(stream(["a", "b"], true)));
    expect([await whole.text(), whole.headers.get("x-read"), cancelled]).toEqual(["a|b", "a, b", false]);
    expect(await (await send(read(1), "/", post(stream(["a", "b"], false)))).text()).toBe("a");
    expect(cancelled).toBe(true);
    expect(await (await send(read(1), "/", post())).text()).toBe("");
  });

  it("turns an error of a handler into a 500 without its message", async () => {
    const answer = await send(() => {
      throw new Error("secret");
    });
    expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining("secret")]);
  });

  it("returns a stream that is not read to its end", async () => {
    let returned = false;
    async function* body() {
      try {
        for (;;) yield "x";
      } finally {
        returned = true;
      }
    }
    const answer = await send(() => ({ status: 200, headers: {}, body: body() }));
    await answer.body?.cancel();
    expect(returned).toBe(true);
  });
});

describe("firstOf", () => {
  it("tries routes in order, and returns 404 if none matches", async () => {
    const handle = firstOf([
      () => undefined,
      (request) => (request.path === "/b" ? { status: 200, headers: {}, body: "b" } : undefined),
      (request) => (request.path === "/b" ? { status: 200, headers: {}, body: "never" } : undefined),
    ]);
    expect(await (await send(handle, "/b")).text()).toBe("b");
    expect(await (await send(handle, "/c")).json()).toMatchObject({ status: 404, code: "not_found", instance: "/c" });
  });
});
