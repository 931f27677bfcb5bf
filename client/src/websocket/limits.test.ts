// What the client does within the limits of a server: calls at once, bytes of a frame.
import { describe, expect, it, vi } from "vitest";
import { clientStream, command, query, serverStream } from "../codegen/index.js";
import { type ClientOptions, createClient } from "../index.js";
import { type FakeSocket, type SentFrame, startFake } from "./fake-socket.fixture.js";
import { webSocketTransport } from "./index.js";

type Json = Readonly<Record<string, unknown>>;

const named = { service: "test.v1.Notes" };
const ask = query<Json, Json>({ ...named, name: "Ask" });
const tell = command<Json, Json>({ ...named, name: "Tell" });
const follow = serverStream<Json, Json>({ ...named, name: "Follow" });
const collect = clientStream<Json, Json>({ ...named, name: "Collect" });

function start(
  limits: Json,
  serve: (frame: SentFrame, socket: FakeSocket) => void,
  options: Partial<ClientOptions> = {},
) {
  const { sockets, webSocket } = startFake(serve, () => ({ credit: 8, ...limits }));
  const transport = webSocketTransport({ url: "ws://shop/ws", webSocket });
  return { sockets, client: createClient({ transport, retry: false, timeout: 0, ...options }) };
}

const hold = () => {};
const answer = (socket: FakeSocket | undefined, id: number | undefined) =>
  socket?.receive({ id, result: { response: { id } } });
/** The numbers of the requests for calls that a socket has sent. */
const sentTo = (socket: FakeSocket | undefined) =>
  socket?.sent
    .filter(({ method }) => !method?.startsWith("$/"))
    .map(({ params }) => (params?.[0] as Json | undefined)?.["n"]);
const idOf = (socket: FakeSocket | undefined, n: number) =>
  socket?.sent.find(({ params }) => (params?.[0] as Json | undefined)?.["n"] === n)?.id;
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("no more calls than a server accepts are in flight", () => {
  it("and the others follow, in order, as it answers", async () => {
    let [running, most] = [0, 0];
    const { client, sockets } = start({ calls: 3 }, ({ id }, socket) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        answer(socket, id);
      });
    });
    const all = await Promise.all(Array.from({ length: 50 }, (_, n) => ask(client, { n }).safe()));
    expect(all.filter(({ ok }) => !ok)).toEqual([]);
    expect(most).toBe(3);
    expect(sentTo(sockets[0])).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  it("and one that is cancelled, or whose time has passed, while it waits is never sent", async () => {
    const { client, sockets } = start({ calls: 1 }, hold);
    const controller = new AbortController();
    const first = ask(client, { n: 1 }).safe();
    const [cancelled, late] = [
      tell(client, { n: 2 }, { signal: controller.signal }).safe(),
      tell(client, { n: 3 }, { timeout: 5 }).safe(),
    ];
    await settled();
    controller.abort();
    expect(await cancelled).toMatchObject({ error: { code: "cancelled" } });
    expect(await late).toMatchObject({ error: { code: "deadline_exceeded" } });
    answer(sockets[0], idOf(sockets[0], 1));
    await first;
    const last = ask(client, { n: 4 });
    await vi.waitFor(() => expect(sentTo(sockets[0])).toEqual([1, 4]));
    answer(sockets[0], idOf(sockets[0], 4));
    await last;
    expect(sockets[0]?.methods).toEqual(["test.v1.Notes/Ask", "test.v1.Notes/Ask"]);
  });

  it("and a call that is aborted before it is sent is not sent", async () => {
    const { client, sockets } = start({}, hold);
    const controller = new AbortController();
    const call = tell(client, { n: 1 }, { signal: controller.signal }).safe();
    await Promise.resolve();
    controller.abort();
    expect(await call).toMatchObject({ error: { code: "cancelled" } });
    await settled();
    expect(sockets[0]?.methods).toEqual([]);
  });

  it("where one that is cancelled counts until the server has answered it", async () => {
    const { client, sockets } = start({ calls: 1 }, hold);
    const controller = new AbortController();
    const first = ask(client, { n: 1 }, { signal: controller.signal }).safe();
    await vi.waitFor(() => expect(sentTo(sockets[0])).toEqual([1]));
    controller.abort();
    await first;
    const second = ask(client, { n: 2 });
    await settled();
    expect(sentTo(sockets[0])).toEqual([1]);
    sockets[0]?.receive({ id: idOf(sockets[0], 1), error: { code: -32001, message: "cancelled" } });
    await vi.waitFor(() => expect(sentTo(sockets[0])).toEqual([1, 2]));
    answer(sockets[0], idOf(sockets[0], 2));
    await second;
  });

  it("and those that wait move to another connection when the server goes away", async () => {
    const { client, sockets } = start({ calls: 1 }, ({ id, params = [] }, socket) => {
      if ((params[0] as Json)["n"] !== 1) answer(socket, id);
    });
    const first = tell(client, { n: 1 }).safe();
    const others = [2, 3].map((n) => tell(client, { n }).safe());
    await vi.waitFor(() => expect(sentTo(sockets[0])).toEqual([1]));
    await settled();
    sockets[0]?.receive({ method: "$/goaway", params: [{ reason: "stopping", retryAfter: 1 }] });
    expect(await Promise.all(others)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(sentTo(sockets[1])).toEqual([2, 3]);
    answer(sockets[0], idOf(sockets[0], 1));
    expect(await first).toMatchObject({ ok: true });
    expect(sockets.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it("and those that wait were certainly not begun if the connection breaks", async () => {
    const { client, sockets } = start({ calls: 1 }, hold);
    const both = [1, 2].map((n) => tell(client, { n }).safe());
    await vi.waitFor(() => expect(sentTo(sockets[0])).toEqual([1]));
    await settled();
    sockets[0]?.end(1006);
    expect(await Promise.all(both)).toMatchObject([
      { error: { code: "unavailable", unprocessed: false } },
      { error: { code: "unavailable", unprocessed: true } },
    ]);
  });

  it("and before the server has sent its limit, there is one, unless it is long", async () => {
    let opened: () => void = () => {};
    const { sockets, webSocket } = startFake(hold, ({ id }, socket) => {
      opened = () => socket.receive({ id, result: { calls: 100, maxMessageSize: 2 ** 20, credit: 1 } });
      return undefined;
    });
    const transport = webSocketTransport({ url: "ws://shop/ws", webSocket });
    const client = createClient({ transport, retry: false });
    const all = [{ n: 1, text: "ü".repeat(2 ** 15) }, { n: 2 }, { n: 3 }].map((request) => ask(client, request));
    await vi.waitFor(() => expect(sentTo(sockets[0])).toEqual([2]));
    await settled();
    opened();
    await vi.waitFor(() => expect(new Set(sentTo(sockets[0]))).toEqual(new Set([1, 2, 3])));
    for (const n of [1, 2, 3]) answer(sockets[0], idOf(sockets[0], n));
    await Promise.all(all);
  });
});

describe("a message that is larger than the server accepts", () => {
  it.each([
    ["x".repeat(1_000), false],
    ["ü".repeat(500), false],
    ["ü".repeat(300), true],
    ["x".repeat(600), true],
  ])("fails its call alone, before it is sent: %#", async (text, isSent) => {
    const { client, sockets } = start({ maxMessageSize: 800 }, ({ id, method }, socket) => {
      if (method?.endsWith("Tell")) answer(socket, id);
    });
    const stream = follow(client, {})[Symbol.asyncIterator]();
    const next = stream.next();
    await vi.waitFor(() => expect(sockets[0]?.methods).toEqual(["test.v1.Notes/Follow"]));
    await settled();
    const outcome = await tell(client, { text }).safe();
    if (isSent) expect(outcome.ok).toBe(true);
    else {
      const message = "a message is larger than 800 bytes";
      expect(outcome).toMatchObject({ error: { code: "resource_exhausted", unprocessed: false, message } });
      expect(sockets[0]?.methods).toEqual(["test.v1.Notes/Follow"]);
    }
    sockets[0]?.receive({ method: "$/item", params: [sockets[0].sent[1]?.id, { a: 1 }] });
    expect(await next).toEqual({ done: false, value: { a: 1 } });
    await stream.return?.();
  });

  it("cancels its stream of requests", async () => {
    const { client, sockets } = start({ maxMessageSize: 800 }, hold);
    const requests = [{ n: 1 }, { text: "x".repeat(800) }, { n: 3 }];
    expect(await collect(client, requests).safe()).toMatchObject({ error: { code: "resource_exhausted" } });
    expect(sockets[0]?.methods).toEqual(["test.v1.Notes/Collect", "$/item", "$/cancel"]);
  });

  it("is a broken connection for other calls, if the server refuses it all the same", async () => {
    const { client, sockets } = start({}, hold);
    const call = tell(client, { n: 1 }).safe();
    await vi.waitFor(() => expect(sentTo(sockets[0])).toEqual([1]));
    await settled();
    sockets[0]?.end(1009);
    expect(await call).toMatchObject({ error: { code: "unavailable", unprocessed: false } });
  });
});
