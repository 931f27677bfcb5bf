import { expect, it, vi } from "vitest";
import type { Caller } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { type CallerRequest, createIdentify, type FindCaller } from "../../http/index.js";
import { handshakeOf, orderOf, serveMethods } from "./web-socket.fixture.js";

/** Serves a method that reports its caller. Tokens are `user` or `user@tenant`. */
function serve(overrides: Caller | FindCaller = {}, options = {}) {
  const requests: CallerRequest[] = [];
  const find: FindCaller = async (request) => {
    requests.push(request);
    if (typeof overrides === "function") return overrides(request);
    const token = request.connectionParams?.["token"] ?? request.header("authorization");
    if (typeof token !== "string") throw new PotterError("unauthenticated", "sign in first");
    const [user, tenant] = token.split("@");
    return { user, ...(tenant !== undefined && { tenant }), ...overrides };
  };
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const served = serveMethods(
    {
      Who: {
        invoke: async (_, { user, tenant }) => ({ response: orderOf(`${user}@${tenant}`) }),
      },
      Wait: {
        invoke: async (_, { user, tenant }) => {
          await finished;
          return { response: orderOf(`${user}@${tenant}`) };
        },
      },
    },
    options,
    { identify: createIdentify(find) },
  );
  return { ...served, requests, finish };
}
const who = "test.v1.Orders/Who";
const later = (milliseconds: number) => new Date(Date.now() + milliseconds);

it("a caller is identified by the params of $/open, for every call", async () => {
  const { connect, requests } = serve();
  const client = connect();
  const { result } = await client.call(0, "$/open", [{ token: "ada@north", device: 7 }]);
  expect(result).toEqual({
    session: expect.any(String),
    heartbeat: 15_000,
    maxMessageSize: 1024 * 1024,
    calls: 100,
    credit: 16,
  });
  expect(await client.call(1, who)).toMatchObject({ result: { response: { orderId: "ada@north" } } });
  expect(requests.map(({ connectionParams }) => connectionParams)).toEqual([
    { token: "ada@north", device: 7 },
    { token: "ada@north", device: 7 },
  ]);
});

it("a caller is identified by the headers of the handshake if the first frame is a call", async () => {
  const client = serve().connect(handshakeOf({ authorization: "ada" }));
  client.request(1, who);
  client.request(2, who);
  expect(await client.answer(2)).toMatchObject({ result: { response: { orderId: "ada@" } } });
  expect(client.sent.map((one) => (one as { id: unknown }).id)).toEqual([1, 2]);
});

it("frames that follow $/open wait for its answer, up to 64 KiB", async () => {
  const { connect } = serve();
  const [client, greedy] = [connect(), connect()];
  client.request(0, "$/open", [{ token: "ada" }]);
  client.request(1, who);
  await client.answer(1);
  expect(client.sent.map((one) => (one as { id: unknown }).id)).toEqual([0, 1]);
  greedy.request(0, "$/open", [{ token: "ada" }]);
  for (let id = 1; id < 10; id++) greedy.request(id, who, [{ orderId: "x".repeat(8000) }]);
  expect(greedy.closed?.code).toBe(1009);
});

it("a second $/open closes the connection", async () => {
  const client = serve().connect();
  await client.call(0, "$/open", [{ token: "ada" }]);
  client.request(1, "$/open", [{ token: "ada" }]);
  expect(client.closed?.code).toBe(4429);
});

it.each([
  ["unauthenticated", 4401],
  ["permission_denied", 4403],
  ["invalid_argument", 4400],
  ["unavailable", 1013],
  ["internal", 4500],
] as const)("a caller that is refused with %s closes the connection with %i", async (code, close) => {
  const { connect } = serve(() => Promise.reject(new PotterError(code, "no")));
  const client = connect();
  client.request(0, "$/open", [{}]);
  await vi.waitFor(() => expect(client.closed?.code).toBe(close));
  expect(client.sent).toEqual([]);
});

it("params of $/open that are no object close the connection", () => {
  const client = serve().connect();
  client.request(0, "$/open", ["s3cret"]);
  expect(client.closed).toEqual({ code: 4400, reason: "the params of $/open must be a list with an object" });
});

it("a caller that is refused later gets an answer, and may send new credentials", async () => {
  let isKnown = true;
  const find: FindCaller = ({ connectionParams }) => {
    if (isKnown || connectionParams?.["token"] === "new") return { user: "ada" };
    throw new PotterError("unauthenticated", "the token has expired");
  };
  const client = serve(find).connect();
  expect(await client.call(1, who)).toHaveProperty("result");
  isKnown = false;
  expect(await client.call(2, who)).toMatchObject({ error: { code: -32016, message: "the token has expired" } });
  expect(await client.call(3, "$/auth", [{ token: "old" }])).toMatchObject({ error: { code: -32016 } });
  expect(await client.call(4, "$/auth", ["new"])).toMatchObject({ error: { code: -32602 } });
  expect(await client.call(5, "$/auth", [{ token: "new" }])).toEqual({ jsonrpc: "2.0", id: 5, result: {} });
  expect(await client.call(6, who)).toHaveProperty("result");
});

it.each(["eve", "ada@south"])(
  "credentials of %s are refused: other users and tenants harm no running call",
  async (token) => {
    const { connect, finish } = serve();
    const client = connect();
    await client.call(0, "$/open", [{ token: "ada@north" }]);
    client.request(1, "test.v1.Orders/Wait");
    expect(await client.call(2, "$/auth", [{ token }])).toMatchObject({
      error: { code: -32007, message: "another user or tenant needs a connection of its own" },
    });
    expect(await client.call(3, who)).toMatchObject({ result: { response: { orderId: "ada@north" } } });
    finish();
    expect(await client.answer(1)).toMatchObject({ result: { response: { orderId: "ada@north" } } });
  },
);

it.each([{}, undefined])(
  "a user cannot follow nobody, %j, on a connection, even while a call is being identified",
  async (nobody) => {
    let identify: () => void = () => {};
    let isSlow = false;
    const find: FindCaller = async ({ connectionParams }) => {
      if (connectionParams?.["token"] === "ada") return { user: "ada" };
      if (isSlow) {
        await new Promise<void>((resolve) => {
          identify = resolve;
        });
      }
      return nobody;
    };
    const client = serve(find).connect();
    await client.call(0, "$/open", [{}]);
    isSlow = true;
    client.request(1, who);
    expect(await client.call(2, "$/auth", [{ token: "ada" }])).toMatchObject({ error: { code: -32007 } });
    identify();
    expect(await client.answer(1)).toMatchObject({ result: { response: {} } });
    expect(client.closed).toBeUndefined();
  },
);

it("a caller that becomes another one without a frame that says so is disconnected", async () => {
  let user = "ada";
  const client = serve(() => ({ user })).connect();
  expect(await client.call(1, who)).toMatchObject({ result: { response: { orderId: "ada@" } } });
  user = "eve";
  client.request(2, who);
  await vi.waitFor(() => expect(client.closed?.code).toBe(4403));
  expect(client.sent).toHaveLength(1);
});

it("a caller whose credentials expire is asked once, and disconnected then", async () => {
  let expires = later(60_000);
  const { connect, requests } = serve((request) => ({ user: String(request.connectionParams?.["token"]), expires }));
  const client = connect();
  const { result } = await client.call(0, "$/open", [{ token: "ada" }]);
  expect(Date.parse(String(result?.["expires"]))).toBeGreaterThan(Date.now());
  for (const id of [1, 2, 3]) await client.call(id, who);
  expect(requests).toHaveLength(1);
  expires = later(20);
  client.request(4, "$/auth", [{ token: "ada" }]);
  client.request(5, "test.v1.Orders/Wait");
  await vi.waitFor(() => expect(client.closed).toEqual({ code: 4401, reason: "Credentials expired" }));
});

it("new credentials before that keep the connection, one $/auth at a time", async () => {
  let expires = later(60_000);
  const { connect } = serve(async () => ({ user: "ada", expires }));
  const client = connect();
  await client.call(0, "$/open", [{}]);
  expires = later(120_000);
  client.request(1, "$/auth", [{ token: "next" }]);
  client.request(2, "$/auth", [{ token: "next" }]);
  expect(await client.answer(2)).toMatchObject({ error: { code: -32010 } });
  expect(await client.answer(1)).toMatchObject({ result: { expires: expires.toISOString() } });
  client.listener?.close();
});

it("credentials that have expired already are refused", async () => {
  const client = serve({ expires: new Date(0) }).connect();
  client.request(0, "$/open", [{ token: "ada" }]);
  await vi.waitFor(() => expect(client.closed?.code).toBe(4401));
});

it.each([{}, { expires: later(60_000) }])("the time of a call includes that of its caller: %j", async (found) => {
  let isSlow = false;
  const find = () => (isSlow ? new Promise<never>(() => {}) : found);
  const { connect, error } = serve(find);
  const client = connect();
  await client.call(0, "$/open", [{}]);
  isSlow = true;
  const answer = await client.call(1, who, [{}, { timeout: 20 }]);
  if ("expires" in found) expect(answer).toMatchObject({ result: {} });
  else expect(answer).toMatchObject({ error: { code: -32004, message: "Who took longer than 20 ms" } });
  expect(error).not.toHaveBeenCalled();
});

it("a caller that is not identified in time gets a close code that asks it to come back later", async () => {
  const aborted = vi.fn();
  const caller: FindCaller = ({ signal }) => {
    signal.addEventListener("abort", aborted);
    return new Promise(() => {});
  };
  const { connect, error } = serve(caller, { openTimeout: 20 });
  const client = connect();
  client.request(0, "$/open", [{ token: "ada" }]);
  client.request(1, who);
  await vi.waitFor(() => expect(client.closed).toEqual({ code: 1013, reason: "Try again later" }));
  expect(aborted).toHaveBeenCalledTimes(1);
  expect(client.sent).toEqual([]);
  expect(error).toHaveBeenCalledExactlyOnceWith("a WebSocket client could not connect", {
    session: expect.any(String),
    error: expect.objectContaining({ message: "identifying the caller took longer than 20 ms" }),
  });
});

it("new credentials that are not verified in time leave those before in use", async () => {
  const caller: FindCaller = ({ connectionParams }) =>
    connectionParams?.["token"] === "slow" ? new Promise(() => {}) : { user: "ada", expires: later(60_000) };
  const { connect, error } = serve(caller, { openTimeout: 20 });
  const client = connect();
  await client.call(0, "$/open", [{ token: "ada" }]);
  expect(await client.call(1, "$/auth", [{ token: "slow" }])).toMatchObject({ error: { code: -32004 } });
  expect(await client.call(2, who)).toMatchObject({ result: { response: { orderId: "ada@" } } });
  expect(await client.call(3, "$/auth", [{ token: "next" }])).toMatchObject({ result: {} });
  expect(error.mock.calls.map(([message]) => message)).toEqual(["a WebSocket client could not renew its credentials"]);
});

it("a server that stops waits for no caller", async () => {
  let answers = true;
  const { connect, stop, error } = serve(() => (answers ? { user: "ada" } : new Promise(() => {})));
  const [open, opening] = [connect(), connect()];
  await open.call(0, "$/open", [{}]);
  answers = false;
  open.request(1, who);
  opening.request(0, "$/open", [{}]);
  stop();
  for (const client of [open, opening]) {
    await vi.waitFor(() => expect(client.closed).toEqual({ code: 1001, reason: "Going away" }));
  }
  expect(await open.answer(1)).toMatchObject({ error: { code: -32014, data: { unprocessed: true } } });
  expect(error).not.toHaveBeenCalled();
});

it("a cancelled call waits for no caller", async () => {
  let answers = true;
  const { connect } = serve(() => (answers ? { user: "ada" } : new Promise(() => {})), { calls: 1 });
  const client = connect();
  await client.call(0, "$/open", [{}]);
  answers = false;
  client.request(1, who);
  client.notify("$/cancel", [1]);
  expect(await client.answer(1)).toMatchObject({ error: { code: -32001 } });
  answers = true;
  await vi.waitFor(async () => {
    client.sent.length = 0;
    expect(await client.call(2, who)).toMatchObject({ result: { response: { orderId: "ada@" } } });
  });
});
