import { buildSchema, type ExecutionResult, type GraphQLObjectType } from "graphql";
import { expect, it, vi } from "vitest";
import { silentLogger } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { type EventsOptions, fetchHandler, firstOf } from "../../http/index.js";
import { graphql } from "./graphql.js";
import { writeEvents } from "./sse-body.js";

/** Properties that do not affect the events. */
const quiet = {
  position: () => undefined,
  toErrorResult: () => ({ errors: [] }),
  signal: new AbortController().signal,
};

function open(next: (count: number) => Promise<IteratorResult<unknown>>, events: EventsOptions = {}) {
  const schema = buildSchema("type Query { a: Int } type Subscription { count: Int }");
  let pulled = 0;
  const returned = vi.fn(async () => ({ done: true, value: undefined }));
  const source = { [Symbol.asyncIterator]: () => ({ next: () => next(++pulled), return: returned }) };
  const field = (schema.getSubscriptionType() as GraphQLObjectType).getFields()["count"];
  if (field === undefined) throw new Error("no field");
  field.subscribe = () => source;
  const dispatch = () => Promise.reject(new Error("nothing is dispatched here"));
  const host = { methods: [], logger: silentLogger, dispatch };
  const handle = fetchHandler(firstOf([graphql({ schema, events }).mount(host)]));
  const ask = (query = "subscription { count }", headers: Record<string, string> = {}, signal?: AbortSignal) =>
    handle(
      new Request("http://shop/graphql", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
        body: JSON.stringify({ query }),
        ...(signal && { signal }),
      }),
    );
  return { ask, returned, pulled: () => pulled };
}

const item = (count: number) => ({ done: false, value: { count } });

it("sends each result as an event, and complete at the end", async () => {
  const { ask } = open(async (count) => (count < 3 ? item(count) : { done: true, value: undefined }));
  const response = await ask();
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  expect(await response.text()).toBe(
    'event: next\ndata: {"data":{"count":1}}\n\nevent: next\ndata: {"data":{"count":2}}\n\nevent: complete\ndata:\n\n',
  );
});

it("pulls no more than the client reads, and closes the source when the client disconnects", async () => {
  const { ask, returned, pulled } = open(async (count) => item(count));
  const reader = (await ask()).body?.getReader();
  await reader?.read();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(pulled()).toBeLessThanOrEqual(3);
  await reader?.cancel();
  await vi.waitFor(() => expect(returned).toHaveBeenCalled());
});

it("closes a source with a pending result when the client disconnects", async () => {
  const { ask, returned, pulled } = open((count) => (count === 1 ? Promise.resolve(item(1)) : new Promise(() => {})));
  const reader = (await ask()).body?.getReader();
  await reader?.read();
  const waiting = reader?.read();
  await vi.waitFor(() => expect(pulled()).toBe(2));
  await reader?.cancel();
  await waiting;
  await vi.waitFor(() => expect(returned).toHaveBeenCalled());
});

it("sends the code of a later error, and hides unexpected errors", async () => {
  const fail = (error: Error) => open(() => Promise.reject(error)).ask();
  expect(await (await fail(new PotterError("not_found", "no such order"))).text()).toContain('"code":"NOT_FOUND"');
  expect(await (await fail(new Error("swordfish"))).text()).not.toContain("swordfish");
});

it("sends a query result or an error as an event to clients that accept only events", async () => {
  const { ask } = open(async (count) => item(count));
  for (const query of ["{ a }", "subscription { other }", "{"]) {
    const response = await ask(query);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
    const [next = "", complete, ...rest] = (await response.text()).split("\n\n");
    expect([complete, ...rest]).toEqual(["event: complete\ndata:", ""]);
    const result = JSON.parse(next.replace("event: next\ndata: ", "")) as ExecutionResult;
    if (query === "{ a }") expect(result).toEqual({ data: { a: null } });
    else expect(result).toEqual({ errors: [expect.objectContaining({ extensions: { code: "INVALID_ARGUMENT" } })] });
  }
});

it("sends JSON to clients that accept both", async () => {
  const { ask } = open(async (count) => item(count));
  const accept = "application/graphql-response+json, text/event-stream";
  expect(await (await ask("{ a }", { accept })).json()).toEqual({ data: { a: null } });
  const wrong = await ask("subscription { other }", { accept });
  expect([wrong.status, wrong.headers.get("content-type")]).toEqual([400, expect.stringContaining("json")]);
});

it("sends a status for a malformed request, even to clients that accept only events", async () => {
  const { ask } = open(async (count) => item(count));
  const response = await ask("{ a }", { "content-type": "text/plain" });
  expect([response.status, response.headers.get("content-type")]).toEqual([415, expect.stringContaining("json")]);
});

it("ends without complete when the server stops, so that clients reconnect", async () => {
  const stopped = new AbortController();
  const { ask, pulled } = open((count) =>
    count === 1
      ? Promise.resolve(item(1))
      : new Promise((resolve) => {
          stopped.signal.addEventListener("abort", () => resolve({ done: true, value: undefined }));
        }),
  );
  const text = (await ask(undefined, {}, stopped.signal)).text();
  await vi.waitFor(() => expect(pulled()).toBe(2));
  stopped.abort();
  expect(await text).toBe('event: next\ndata: {"data":{"count":1}}\n\n');
});

it("sends the reconnection delay, and the position when it is known and has changed", async () => {
  const { ask } = open(async (count) => (count > 4 ? { done: true, value: undefined } : item(count)), { retry: 500 });
  const text = await (await ask()).text();
  expect(text.replaceAll(/data: .*/g, "")).toMatch(/^retry: 500\n\nevent: next\n/);
  expect(text).not.toContain("id:");
  const results = [1, 2, 2, 3].map((count) => ({ data: { count } }));
  let position = 0;
  const source = {
    next: async () => {
      const value = results.shift();
      position = value?.data.count ?? position;
      return value === undefined ? ({ done: true, value } as const) : { done: false, value };
    },
  };
  const events = writeEvents(
    { ...quiet, results: source, position: () => String(position) },
    { heartbeat: 1_000, retry: 5 },
  );
  let all = "";
  for await (const event of events) all += event;
  expect(all.match(/^(retry|id|event): .*$/gm)).toEqual([
    "retry: 5",
    "id: 0",
    "id: 1",
    "event: next",
    "id: 2",
    "event: next",
    "event: next",
    "id: 3",
    "event: next",
    "event: complete",
  ]);
});

it("disconnects a client that does not read an event in time", async () => {
  const { ask, returned, pulled } = open(async (count) => item(count), { writeTimeout: 20 });
  const reader = (await ask()).body?.getReader();
  await vi.waitFor(() => expect(returned).toHaveBeenCalledOnce());
  await expect(reader?.read()).rejects.toThrow("read nothing for 20 ms");
  expect(pulled()).toBeLessThanOrEqual(3);
});

it("does not disconnect a client that waits for an event", async () => {
  const { ask, returned } = open(
    (count) =>
      new Promise((resolve) => setTimeout(resolve, 60, count < 3 ? item(count) : { done: true, value: undefined })),
    { writeTimeout: 20 },
  );
  expect(await (await ask()).text()).toContain("event: complete");
  expect(returned).not.toHaveBeenCalled();
});

it.each(["heartbeat", "retry", "writeTimeout"])("rejects an invalid value of %s", (name) => {
  const schema = buildSchema("type Query { a: Int }");
  for (const value of [0, -1, 1.5, Number.NaN, 2 ** 31]) {
    expect(() => graphql({ schema, events: { [name]: value } })).toThrow(`events.${name} is ${value}`);
  }
});

it("sends a comment when idle, and loses no result", async () => {
  vi.useFakeTimers();
  try {
    let resolveNext = (_item: IteratorResult<ExecutionResult>): void => {};
    const next = vi.fn(
      () =>
        new Promise<IteratorResult<ExecutionResult>>((resolve) => {
          resolveNext = resolve;
        }),
    );
    const events = writeEvents({ ...quiet, results: { next } }, { heartbeat: 700 });
    const silent = events.next();
    await vi.advanceTimersByTimeAsync(700);
    expect((await silent).value).toBe(":\n\n");
    const pending = events.next();
    resolveNext({ done: false, value: { data: { count: 1 } } });
    expect((await pending).value).toBe('event: next\ndata: {"data":{"count":1}}\n\n');
    expect(next).toHaveBeenCalledTimes(1);
  } finally {
    vi.useRealTimers();
  }
});
