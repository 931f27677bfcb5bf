// The states of streams over a WebSocket.
import { expect, it } from "vitest";
import { serverStream } from "../codegen/index.js";
import { createClient } from "../index.js";
import { type FakeSocket, type SentFrame, startFake } from "./fake-socket.fixture.js";
import { webSocketTransport } from "./index.js";

const follow = serverStream<object, { text: string }>({ service: "test.v1.Notes", name: "Follow" });

it("a stream is open when the server has accepted the connection, and reconnects when that breaks", async () => {
  let accept: () => void = () => {};
  const serve = ({ id, method }: SentFrame, socket: FakeSocket) => {
    if (method !== "test.v1.Notes/Follow") return;
    if (sockets.length === 1) return;
    socket.receive({ method: "$/item", params: [id, { text: "a" }, "1"] });
    socket.receive({ id, result: {} });
  };
  const { sockets, webSocket } = startFake(serve, ({ id }, socket) => {
    accept = () => socket.receive({ id, result: { credit: 2 } });
    return sockets.length === 1 ? undefined : {};
  });
  const transport = webSocketTransport({ url: "ws://shop/ws", webSocket });
  const client = createClient({ transport, retry: { initialDelay: 1, maxDelay: 1 } });
  const states: unknown[] = [];
  const stream = follow(client, {}, { onState: (state, { attempt }) => states.push([state, attempt]) });
  const reading = (async () => {
    const found: unknown[] = [];
    for await (const one of stream) found.push(one);
    return found;
  })();
  await expect.poll(() => sockets[0]?.methods).toEqual(["test.v1.Notes/Follow"]);
  expect(states).toEqual([["connecting", 1]]);
  accept();
  await expect.poll(() => stream.state).toBe("open");
  sockets[0]?.end(1006);
  expect(await reading).toEqual([{ text: "a" }]);
  expect(states.slice(1)).toEqual([
    ["open", undefined],
    ["reconnecting", 1],
    ["open", undefined],
    ["ended", undefined],
  ]);
  await client.close();
});
