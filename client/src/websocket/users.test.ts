// Tokens and users that change while calls of others are running on the same transport.
import { expect, it, vi } from "vitest";
import { command, query, serverStream } from "../codegen/index.js";
import { type ClientOptions, createClient } from "../index.js";
import { type FakeSocket, type SentFrame, startFake } from "./fake-socket.fixture.js";
import { webSocketTransport } from "./index.js";

type Json = Readonly<Record<string, unknown>>;

const named = { service: "test.v1.Notes" };
const ask = query<Json, Json>({ ...named, name: "Ask" });
const tell = command<Json, Json>({ ...named, name: "Tell" });
const follow = serverStream<Json, Json>({ ...named, name: "Follow" });

const userOf = (token: unknown) => String(token).split("-")[0];
const tokenIn = (frame: SentFrame | undefined) => (frame?.params?.[0] as Json | undefined)?.["token"];

/** A server whose tokens are `user-n`. Commands and streams are not answered. */
function start({ refuse }: { readonly refuse?: (frame: SentFrame, socket: FakeSocket) => void } = {}) {
  const refused = { code: -32007, message: "another user", data: { code: "permission_denied" } };
  const { sockets, webSocket } = startFake((frame, socket) => {
    const { id, method } = frame;
    if (method === "$/auth") {
      const isSame = userOf(tokenIn(frame)) === userOf(tokenIn(socket.sent[0]));
      // As if the server needed some time.
      setTimeout(() => {
        if (isSame) socket.receive({ id, result: {} });
        else if (refuse) refuse(frame, socket);
        else socket.receive({ id, error: refused });
      });
    } else if (method === "test.v1.Notes/Ask") socket.receive({ id, result: { response: {} } });
  });
  const transport = webSocketTransport({ url: "ws://shop/ws", webSocket });
  const clientOf = (token: () => string | undefined, options: Partial<ClientOptions> = {}) =>
    createClient({ transport, token, retry: false, timeout: 0, ...options });
  return { sockets, clientOf };
}

const twenty = <Value>(make: () => Value) => Array.from({ length: 20 }, make);
const idOf = (socket: FakeSocket | undefined, name: string) =>
  socket?.sent.find(({ method }) => method?.endsWith(name))?.id;

it("calls after a new token share one $/auth", async () => {
  let token = "ada-1";
  const { sockets, clientOf } = start();
  const client = clientOf(() => token);
  await ask(client, {});
  token = "ada-2";
  const outcomes = await Promise.all(twenty(() => ask(client, {}).safe()));
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  expect(sockets.length).toBe(1);
  expect(sockets[0]?.sent.filter(({ method }) => method === "$/auth").map(tokenIn)).toEqual(["ada-2"]);
});

it("different tokens are sent one after the other", async () => {
  let count = 0;
  const { sockets, clientOf } = start();
  const client = clientOf(() => `ada-${++count}`);
  const outcomes = await Promise.all([1, 2, 3].map(() => ask(client, {}).safe()));
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  expect(sockets[0]?.sent.filter(({ method }) => method === "$/auth").map(tokenIn)).toEqual(["ada-2", "ada-3"]);
});

it.each(["ada-1", undefined])(
  "the calls of another user have a connection of their own, one for all, and those of %s go on",
  async (token) => {
    const { sockets, clientOf } = start();
    const [first, bob] = [clientOf(() => token), clientOf(() => "bob-1")];
    const told = tell(first, {});
    const stream = follow(first, {})[Symbol.asyncIterator]();
    const next = stream.next();
    await vi.waitFor(() => expect(sockets[0]?.methods.length).toBe(2));
    const outcomes = await Promise.all(twenty(() => ask(bob, {}).safe()));
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
    expect(sockets.map(({ sent }) => tokenIn(sent[0]))).toEqual([token, "bob-1"]);
    expect(sockets[0]?.sent.filter(({ method }) => method === "$/auth").length).toBe(1);

    const [socket] = sockets;
    socket?.receive({ id: idOf(socket, "/Tell"), result: { response: { told: true } } });
    expect(await told).toEqual({ told: true });
    socket?.receive({ method: "$/item", params: [idOf(socket, "/Follow"), { n: 1 }] });
    expect(await next).toEqual({ done: false, value: { n: 1 } });
    expect(socket?.isClosed).toBe(false);
    await stream.return?.();
    await vi.waitFor(() => expect(sockets.map(({ isClosed }) => isClosed)).toEqual([true, false]));
  },
);

it("users that take turns harm each other's calls at no time", async () => {
  const { clientOf } = start();
  const clients = ["ada-1", undefined, "bob-1"].map((token) => clientOf(() => token));
  const outcomes = await Promise.all(twenty(() => clients.map((client) => ask(client, {}).safe())).flat());
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
});

it("a server that closes the connection instead has begun nothing for the other user, and broken the calls of the first", async () => {
  const { sockets, clientOf } = start({ refuse: (_, socket) => socket.end(4403) });
  const [ada, bob] = [clientOf(() => "ada-1"), clientOf(() => "bob-1", { retry: { initialDelay: 1 } })];
  await ask(ada, {});
  const told = tell(ada, {}).safe();
  await vi.waitFor(() => expect(sockets[0]?.methods.length).toBe(2));
  expect(await ask(bob, {}).safe()).toMatchObject({ ok: true });
  expect(await told).toMatchObject({ error: { code: "unavailable", unprocessed: false } });
});
