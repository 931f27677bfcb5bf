import { describe, expect, it, vi } from "vitest";
import { bidiStream, serverStream } from "../codegen/index.js";
import { type Code, createClient, isPositionLost, PotterClientError, type StreamOptions } from "../index.js";
import { fail, hang, items, type Step, scripted } from "../scripted-transport.fixture.js";

interface Note {
  readonly text: string;
}

const named = { service: "test.v1.Notes", name: "Follow" };
const follow = serverStream<object, Note>(named);
const watch = serverStream<object, Note>({ ...named, watch: true });

const note = (text: string, id?: string) => ({ message: { text }, ...(id !== undefined && { id }) });
const lost: Step = () => {
  const details = [{ typeName: "google.rpc.ErrorInfo", json: { reason: "POSITION_LOST", domain: "potter" } }];
  throw new PotterClientError("out_of_range", "lost", { details });
};

function start(...steps: readonly Step[]) {
  const transport = scripted(...steps);
  const client = createClient({ transport, retry: { initialDelay: 1, maxDelay: 1 } });
  const resumed = () => transport.calls.map(({ headers }) => headers["last-event-id"]);
  return { client, resumed };
}

async function read(stream: AsyncIterable<Note>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of stream) texts.push(text);
  return texts;
}

describe("a stream with positions", () => {
  it("continues after its last item, without gap and without repetition", async () => {
    const { client, resumed } = start(
      items([note("a", "1"), note("b", "2")], "unavailable"),
      fail("unavailable"),
      items([note("b", "2"), note("c", "3")], "unavailable"),
      items([note("d", "4")]),
    );
    const states: [string, number | undefined, Code | undefined][] = [];
    const stream = follow(
      client,
      {},
      { onState: (state, { attempt, error }) => states.push([state, attempt, error?.code]) },
    );
    expect(stream.state).toBe("connecting");
    expect(await read(stream)).toEqual(["a", "b", "c", "d"]);
    expect(resumed()).toEqual([undefined, "2", "2", "3"]);
    expect(states).toEqual([
      ["connecting", 1, undefined],
      ["open", undefined, undefined],
      ["reconnecting", 1, "unavailable"],
      ["reconnecting", 2, "unavailable"],
      ["open", undefined, undefined],
      ["reconnecting", 1, "unavailable"],
      ["open", undefined, undefined],
      ["ended", undefined, undefined],
    ]);
    expect([stream.state, stream.lastEventId]).toEqual(["ended", "4"]);
  });

  it("begins where the caller says, and tells the positions of its items", async () => {
    const { client, resumed } = start(items([note("c", "3")]));
    const found = [];
    for await (const item of follow(client, {}, { lastEventId: "2" }).items()) found.push(item);
    expect(found).toEqual([{ message: { text: "c" }, id: "3" }]);
    expect(resumed()).toEqual(["2"]);
  });

  it("continues at a position that came without an item", async () => {
    const { client, resumed } = start(items([{ id: "7" }], "unavailable"), items([note("a", "8")]));
    expect(await read(follow(client, {}))).toEqual(["a"]);
    expect(resumed()).toEqual([undefined, "7"]);
  });

  it("fails if the server no longer has its position, unless the caller wants to know and start over", async () => {
    const steps = () => [items([note("a", "1")], "unavailable"), lost, items([note("new", "100")])];
    const strict = start(...steps());
    await expect(read(follow(strict.client, {}))).rejects.toMatchObject({ code: "out_of_range" });
    const onLost = vi.fn();
    const { client, resumed } = start(...steps());
    expect(await read(follow(client, {}, { onLost }))).toEqual(["a", "new"]);
    expect(onLost).toHaveBeenCalledOnce();
    expect(resumed()).toEqual([undefined, "1", undefined]);
  });

  it("that begins at a position which is lost starts over, and knows no item of before", async () => {
    const steps = [items([note("a", "1")], "unavailable"), lost, items([note("new", "1")])];
    const { client, resumed } = start(lost, ...steps);
    const onLost = vi.fn();
    expect(await read(follow(client, {}, { lastEventId: "7", onLost }))).toEqual(["a", "new"]);
    expect(resumed()).toEqual(["7", undefined, "1", undefined]);
    expect(onLost).toHaveBeenCalledTimes(2);
  });

  it("that was lost shows the state that it has shown before", async () => {
    const state = note("placed");
    const { client } = start(items([state, { id: "1" }], "unavailable"), lost, items([state]));
    expect(await read(watch(client, {}, { onLost: () => {} }))).toEqual(["placed", "placed"]);
  });

  it("gets a new token when it reconnects", async () => {
    const transport = scripted(items([note("a", "1")], "unauthenticated"), items([note("b", "2")]));
    const token = ({ renew }: { readonly renew: boolean }) => (renew ? "new" : "old");
    expect(await read(follow(createClient({ transport, token }), {}))).toEqual(["a", "b"]);
    expect(transport.calls.map(({ headers }) => headers["authorization"])).toEqual(["Bearer old", "Bearer new"]);
  });
});

describe("a stream without positions", () => {
  it("that shows a state starts over, and does not repeat the state that was shown", async () => {
    const { client } = start(
      items([note("placed")], "unavailable"),
      items([note("placed"), note("shipped")], "unavailable"),
      items([note("cancelled"), note("placed")]),
    );
    expect(await read(watch(client, {}))).toEqual(["placed", "shipped", "cancelled", "placed"]);
  });

  it("that is a list fails once an item was delivered, since it would be delivered again", async () => {
    const { client, resumed } = start(items([note("a")], "unavailable"));
    const failure: unknown = await read(follow(client, {}, { lastEventId: "7" })).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "unavailable", cause: { message: "scripted unavailable" } });
    expect(String(failure)).toContain("the position of its last item is unknown");
    expect(isPositionLost(failure)).toBe(true);
    expect(resumed()).toEqual(["7"]);
  });

  it("that is a list starts over if its caller wants to know", async () => {
    const { client, resumed } = start(items([note("a"), note("b")], "unavailable"), items([note("a"), note("c")]));
    const seen: string[] = [];
    const onLost = () => seen.push("lost");
    for await (const { text } of follow(client, {}, { lastEventId: "7", onLost })) seen.push(text);
    expect(seen).toEqual(["a", "b", "lost", "a", "c"]);
    expect(resumed()).toEqual(["7", undefined]);
  });

  it("fails with the error of the server where that is final", async () => {
    const { client } = start(items([note("a")], "permission_denied"));
    const failure: unknown = await read(follow(client, {})).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "permission_denied" });
    expect(isPositionLost(failure)).toBe(false);
  });

  it("that has delivered nothing yet starts over", async () => {
    const { client } = start(items([], "unavailable"), items([note("a")]));
    expect(await read(follow(client, {}))).toEqual(["a"]);
  });
});

describe("a stream whose answers tell where they begin and end, but not where items are", () => {
  const told = (begin: string | undefined, end: string | undefined, ...rest: Parameters<typeof items>): Step => {
    const toMap = (id: string | undefined) => new Map(id === undefined ? [] : [["last-event-id", id]]);
    return async (call) => ({ ...(await items(...rest)(call)), headers: toMap(begin), trailers: toMap(end) });
  };

  it("continues where the server has ended it", async () => {
    const { client, resumed } = start(
      told("1", "3", [note("a"), note("b")], "unavailable"),
      told(undefined, "4", [note("c")]),
    );
    const stream = follow(client, {});
    expect(await read(stream)).toEqual(["a", "b", "c"]);
    expect(resumed()).toEqual([undefined, "3"]);
    expect(stream.lastEventId).toBe("4");
  });

  it("continues where it began if it breaks before its first item, so that nothing that came meanwhile is missed", async () => {
    const { client, resumed } = start(told("1", undefined, [], "unavailable"), told(undefined, undefined, [note("a")]));
    expect(await read(follow(client, {}))).toEqual(["a"]);
    expect(resumed()).toEqual([undefined, "1"]);
  });

  it("fails if it breaks after an item without a word", async () => {
    const { client } = start(told("1", undefined, [note("a")], "unavailable"));
    expect(isPositionLost(await read(follow(client, {})).catch((error: unknown) => error))).toBe(true);
  });
});

describe("a stream", () => {
  it("is opened when it is read, and only once", async () => {
    const { client, resumed } = start(items([note("a")]));
    const stream = follow(client, {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(resumed()).toEqual([]);
    expect((await stream.answer()).headers).toBeDefined();
    expect(stream.state).toBe("open");
    expect(await read(stream)).toEqual(["a"]);
    expect(resumed().length).toBe(1);
    await expect(read(stream)).rejects.toMatchObject({ code: "failed_precondition" });
  });

  it("fails after some attempts if it was never open, and never if it was", async () => {
    const refused = start(...Array(9).fill(fail("unavailable")));
    const states: unknown[] = [];
    const options: StreamOptions = {
      onState: (state, { attempt, error }) => states.push([state, attempt, error?.code]),
    };
    await expect(read(follow(refused.client, {}, options))).rejects.toMatchObject({ code: "unavailable" });
    expect(refused.resumed().length).toBe(4);
    expect(states).toEqual([
      ["connecting", 1, undefined],
      ...[2, 3, 4].map((attempt) => ["connecting", attempt, "unavailable"]),
      ["ended", undefined, "unavailable"],
    ]);
    const steps = [
      items([note("a", "1")], "unavailable"),
      ...Array(30).fill(fail("unavailable")),
      items([note("b", "2")]),
    ];
    const { client } = start(...steps);
    expect(await read(follow(client, {}))).toEqual(["a", "b"]);
  });

  it.each<[Code, StreamOptions]>([
    ["permission_denied", {}],
    ["unavailable", { retry: false }],
  ])("ends with %s and %j", async (code, options) => {
    const { client } = start(items([note("a", "1")], code));
    await expect(read(follow(client, {}, options))).rejects.toMatchObject({ code });
  });

  it("ends when its signal is aborted, also while it reconnects", async () => {
    const { client } = start(items([note("a", "1")], "unavailable"), hang);
    const controller = new AbortController();
    const onState = vi.fn((state: string) => state === "reconnecting" && controller.abort());
    await expect(read(follow(client, {}, { signal: controller.signal, onState }))).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(onState).toHaveBeenLastCalledWith("ended", { error: expect.objectContaining({ code: "cancelled" }) });
  });

  it("tells its error as a value", async () => {
    const { client } = start(items([note("a", "1")], "permission_denied"));
    const outcomes = [];
    for await (const outcome of follow(client, {}).safe()) outcomes.push(outcome);
    expect(outcomes).toMatchObject([
      { ok: true, value: { text: "a" } },
      { ok: false, error: { name: "permission_denied" } },
    ]);
  });

  it("continues when a new token cannot be had for a while, and ends when there is none for the user any more", async () => {
    let asked = 0;
    const token = () => {
      if (++asked === 2 || asked === 3) throw new TypeError("fetch failed");
      if (asked > 4) throw new PotterClientError("unauthenticated", "logged out");
      return "t";
    };
    const transport = scripted(items([note("a", "1")], "unavailable"), items([note("b", "2")], "unavailable"));
    const client = createClient({ transport, token, retry: { initialDelay: 1, maxDelay: 1 } });
    const outcomes = [];
    for await (const outcome of follow(client, {}).safe()) outcomes.push(outcome.value?.text ?? outcome.error?.message);
    expect(outcomes).toEqual(["a", "b", "logged out"]);
  });

  it("throws nothing but errors of calls, whatever a transport throws", async () => {
    const cause = new TypeError("bug");
    const broken: Step = () => ({
      headers: new Map(),
      response: (async function* () {
        yield note("a", "1");
        throw cause;
      })(),
    });
    const { client } = start(broken);
    const error = { name: "unknown", code: "unknown", message: "bug", cause };
    await expect(read(follow(client, {}))).rejects.toMatchObject(error);
  });

  it("releases the answer when it is not read to its end", async () => {
    const released = vi.fn();
    const endless: Step = () => ({
      headers: new Map(),
      response: (async function* () {
        try {
          for (let i = 0; ; i++) yield note("a", String(i));
        } finally {
          released();
        }
      })(),
    });
    const { client } = start(endless);
    const stream = follow(client, {});
    for await (const _ of stream) break;
    expect(released).toHaveBeenCalledOnce();
    expect(stream.state).toBe("ended");
  });
});

describe("a stream in both directions", () => {
  const chat = bidiStream<Note, Note>({ ...named, name: "Chat" });

  it("is opened once, and releases the signal when it ends", async () => {
    const { client, resumed } = start(items([note("a", "1"), { id: "2" }], "unavailable"));
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, "removeEventListener");
    const stream = chat(client, [], { signal: controller.signal, timeout: 60_000 });
    const found: unknown[] = [];
    const reading = (async () => {
      for await (const message of stream) found.push(message);
    })();
    await expect(reading).rejects.toMatchObject({ code: "unavailable" });
    expect(found).toEqual([{ text: "a" }]);
    expect(stream.lastEventId).toBe("2");
    expect(resumed().length).toBe(1);
    expect(remove).toHaveBeenCalled();
    expect(stream.state).toBe("ended");
  });
});

it("a stream that its signal may cancel has no limit either", async () => {
  const transport = scripted(items([note("a", "1")]));
  await read(follow(createClient({ transport }), {}, { signal: new AbortController().signal }));
  const [sent] = transport.calls;
  expect([sent?.timeout, sent?.signal?.aborted]).toEqual([undefined, false]);
});

it("a stream of responses has no limit but its own", async () => {
  const limited = serverStream<object, Note>({ ...named, timeout: 5 });
  const transport = scripted(items([note("a", "1")]), items([note("a", "1")]));
  const client = createClient({ transport });
  await read(limited(client, {}));
  await read(limited(client, {}, { timeout: 60_000 }));
  expect(transport.calls.map(({ timeout }) => timeout && timeout > 50_000)).toEqual([undefined, true]);
});
