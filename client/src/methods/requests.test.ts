import { describe, expect, it } from "vitest";
import { bidiStream, clientStream } from "../codegen/index.js";
import { connectTransport, createClient, PotterClientError } from "../index.js";
import { answer, fail, hang, items, type Step, scripted } from "../scripted-transport.fixture.js";

interface Text {
  readonly text: string;
}

const named = { service: "test.v1.Notes" };
const collect = clientStream<Text, object>({ ...named, name: "Collect" });
const chat = bidiStream<Text, Text>({ ...named, name: "Chat" });

/** Requests without an end, and what has become of their source. */
function source() {
  const state = { isOpen: false, sent: 0 };
  async function* generate() {
    state.isOpen = true;
    try {
      for (;;) {
        state.sent++;
        yield { text: "a" };
        await new Promise((resolve) => setTimeout(resolve));
      }
    } finally {
      state.isOpen = false;
    }
  }
  return { state, requests: generate() };
}

/** Reads two requests, and continues in the background as transports do. */
const reading =
  (then: Step): Step =>
  async (call) => {
    const iterator = (call.request as AsyncIterable<Text>)[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();
    return then(call);
  };

describe("the source of requests", () => {
  it.each<[string, Step, () => object]>([
    ["is answered before it is read to its end", answer({}), () => ({})],
    ["fails", fail("not_found"), () => ({})],
    ["takes too long", hang, () => ({ timeout: 20 })],
    ["is cancelled", hang, () => ({ signal: AbortSignal.timeout(20) })],
  ])("is left when the call %s", async (_, step, options) => {
    const { state, requests } = source();
    const client = createClient({ transport: scripted(reading(step)) });
    await collect(client, requests, options()).safe();
    await expect.poll(() => state.isOpen).toBe(false);
    expect(state.sent).toBeGreaterThan(0);
  });

  it.each<[string, Step]>([
    ["ends", items([{ message: { text: "b" } }])],
    ["breaks", items([{ message: { text: "b" } }], "unavailable")],
    ["is refused", fail("not_found")],
    ["is read no further", items([{ message: { text: "b" } }, { message: { text: "c" } }])],
  ])("is left when the stream of responses %s", async (_, step) => {
    const { state, requests } = source();
    const client = createClient({ transport: scripted(reading(step)) });
    for await (const _ of chat(client, requests).safe()) break;
    await expect.poll(() => state.isOpen).toBe(false);
  });

  it("gives nothing any more that could look complete", async () => {
    const { requests } = source();
    let iterator: AsyncIterator<unknown> | undefined;
    const keep: Step = (call) => {
      iterator = (call.request as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      return answer({})(call);
    };
    await collect(createClient({ transport: scripted(reading(keep)) }), requests);
    await expect(iterator?.next()).rejects.toBeInstanceOf(PotterClientError);
  });

  it("may be a list, and is read only when it is sent", async () => {
    const sent: unknown[] = [];
    const all: Step = async (call) => {
      for await (const request of call.request as AsyncIterable<unknown>) sent.push(request);
      return answer({})(call);
    };
    await collect(createClient({ transport: scripted(all) }), [{ text: "a" }, { text: "b" }]);
    expect(sent).toEqual([{ text: "a" }, { text: "b" }]);
    const { state, requests } = source();
    await collect(createClient({ transport: scripted(fail("not_found")) }), requests).safe();
    expect(state.sent).toBe(0);
  });

  it("may fail when it is read, and when it is left", async () => {
    const broken = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new TypeError("disk")),
        return: () => Promise.reject(new TypeError("closed already")),
      }),
    };
    const { error } = await collect(createClient({ transport: scripted(reading(answer({}))) }), broken).safe();
    expect(error).toMatchObject({ cause: { message: "disk" } });
  });

  it("is left by Connect, whose fetch does not cancel the body", async () => {
    const { state, requests } = source();
    const fetch = async (_: unknown, init: RequestInit) => {
      await (init.body as ReadableStream).getReader().read();
      return new Promise<Response>(() => {});
    };
    const client = createClient({
      transport: connectTransport({ baseUrl: "http://a", fetch: fetch as typeof globalThis.fetch }),
    });
    expect((await collect(client, requests, { timeout: 20 }).safe()).error?.code).toBe("deadline_exceeded");
    await expect.poll(() => state.isOpen).toBe(false);
  });
});
