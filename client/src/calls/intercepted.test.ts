import { describe, expect, it } from "vitest";
import { query, serverStream } from "../codegen/index.js";
import { createClient, type Interceptor } from "../index.js";
import { answer, hang, items, type Step, scripted } from "../scripted-transport.fixture.js";

const named = { service: "test.v1.Test" };
const get = query<object, object>({ ...named, name: "Get" });
const follow = serverStream<object, object>({ ...named, name: "Follow" });

function start(interceptor: Interceptor, ...steps: readonly Step[]) {
  const transport = scripted(...steps);
  return { transport, client: createClient({ transport, interceptors: [interceptor] }) };
}

/** Waits until it is let go. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe("an interceptor", () => {
  it("has the time of the call, after which nothing is sent any more", async () => {
    const { opened, open } = gate();
    let late: unknown;
    const { client, transport } = start(async (call, next) => {
      await opened;
      return next(call).catch((error) => {
        late = error.code;
        throw error;
      });
    });
    expect((await get(client, {}, { timeout: 1 }).safe()).error?.code).toBe("deadline_exceeded");
    open();
    await expect.poll(() => late).toBe("deadline_exceeded");
    expect(transport.calls).toEqual([]);
  });

  it("is not waited for when the call is cancelled, nor when the client is closed, before and after the call was sent", async () => {
    const hanging: Interceptor = async (call, next) => {
      if (call.headers["x-after"]) await next(call);
      return new Promise(() => {});
    };
    const { client, transport } = start(hanging, answer({}), answer({}));
    const controller = new AbortController();
    const after = { headers: { "x-after": "1" } };
    const cancelled = [{}, after].map((options) => get(client, {}, { ...options, signal: controller.signal }).safe());
    const ended = [{}, after].map((options) => get(client, {}, options).safe());
    await expect.poll(() => transport.calls.length).toBe(2);
    controller.abort("left");
    for (const { error } of await Promise.all(cancelled))
      expect(error).toMatchObject({ code: "cancelled", cause: "left" });
    await client.close();
    for (const { error } of await Promise.all(ended)) expect(error).toMatchObject({ cause: "the client is closed" });
  });

  it("leaves the rest of the time to the call, and can shorten it", async () => {
    const { opened, open } = gate();
    const limits = [undefined, 500];
    const { client, transport } = start(
      async (call, next) => {
        await opened;
        const timeout = limits.shift();
        return next(timeout ? { ...call, timeout } : call);
      },
      answer({}),
      answer({}),
    );
    const began = performance.now();
    const call = get(client, {}, { timeout: 60_000 });
    const shortened = get(client, {}, { timeout: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    open();
    await Promise.all([call, shortened]);
    const [first, second] = transport.calls.map(({ timeout = 0 }) => timeout);
    expect(first).toBeLessThan(60_000 - 40);
    expect(first).toBeGreaterThan(60_000 - (performance.now() - began) - 1_000);
    expect(second).toBeLessThanOrEqual(500);
  });

  it("does not limit streams, which their signal ends also once they are open", async () => {
    const controller = new AbortController();
    const { client, transport } = start((call, next) => next(call), items([{ message: {} }]), hang);
    for await (const _ of follow(client, {})) expect(transport.calls[0]?.timeout).toBeUndefined();
    const { signal } = controller;
    const opening = follow(client, {}, { signal })[Symbol.asyncIterator]().next();
    await expect.poll(() => transport.calls.length).toBe(2);
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: "cancelled" });
    expect(transport.calls[1]?.signal?.aborted).toBe(true);
  });
});

it("a limit longer than timers can wait is none", async () => {
  const transport = scripted(answer({}), answer({}), answer({}), answer({}));
  const client = createClient({ transport });
  for (const timeout of [Number.POSITIVE_INFINITY, 1e12, 2 ** 31, 2 ** 31 - 1]) await get(client, {}, { timeout });
  const [last, ...others] = transport.calls.map(({ timeout }) => timeout).reverse();
  expect(others).toEqual([undefined, undefined, undefined]);
  expect(last).toBeGreaterThan(2e9);
});
