import { buildSchema, type ExecutionResult, type GraphQLObjectType } from "graphql";
import { expect, it, vi } from "vitest";
import { silentLogger } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { fetchHandler, firstOf } from "../../http/index.js";
import { writeEvents } from "./event-stream.js";
import { graphql } from "./graphql.js";

function open(next: (count: number) => Promise<IteratorResult<unknown>>) {
  const schema = buildSchema("type Query { a: Int } type Subscription { count: Int }");
  let pulled = 0;
  const returned = vi.fn(async () => ({ done: true, value: undefined }));
  const source = { [Symbol.asyncIterator]: () => ({ next: () => next(++pulled), return: returned }) };
  const field = (schema.getSubscriptionType() as GraphQLObjectType).getFields()["count"];
  if (field === undefined) throw new Error("no field");
  field.subscribe = () => source;
  const dispatch = () => Promise.reject(new Error("nothing is dispatched here"));
  const host = { methods: [], logger: silentLogger, dispatch };
  const handle = fetchHandler(firstOf([graphql({ schema }).mount(host)]));
  const ask = (query = "subscription { count }") =>
    handle(
      new Request("http://shop/graphql", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "text/event-stream" },
        body: JSON.stringify({ query }),
      }),
    );
  return { ask, returned, pulled: () => pulled };
}

const item = (count: number) => ({ done: false, value: { count } });

it("sends each result as an event, and that there are no more", async () => {
  const { ask } = open(async (count) => (count < 3 ? item(count) : { done: true, value: undefined }));
  const response = await ask();
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  expect(await response.text()).toBe(
    'event: next\ndata: {"data":{"count":1}}\n\nevent: next\ndata: {"data":{"count":2}}\n\nevent: complete\ndata:\n\n',
  );
});

it("pulls no more than its reader takes, and returns the source of a client that has gone", async () => {
  const { ask, returned, pulled } = open(async (count) => item(count));
  const reader = (await ask()).body?.getReader();
  await reader?.read();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(pulled()).toBeLessThanOrEqual(3);
  await reader?.cancel();
  await vi.waitFor(() => expect(returned).toHaveBeenCalled());
});

it("returns a source that is waited for when the client goes", async () => {
  const { ask, returned, pulled } = open((count) => (count === 1 ? Promise.resolve(item(1)) : new Promise(() => {})));
  const reader = (await ask()).body?.getReader();
  await reader?.read();
  const waiting = reader?.read();
  await vi.waitFor(() => expect(pulled()).toBe(2));
  await reader?.cancel();
  await waiting;
  await vi.waitFor(() => expect(returned).toHaveBeenCalled());
});

it("tells the code of what fails midway, and nothing of what is unforeseen", async () => {
  const fail = (error: Error) => open(() => Promise.reject(error)).ask();
  expect(await (await fail(new PotterError("not_found", "no such order"))).text()).toContain('"code":"NOT_FOUND"');
  expect(await (await fail(new Error("swordfish"))).text()).not.toContain("swordfish");
});

it("refuses a wrong document in JSON", async () => {
  const response = await open(async (count) => item(count)).ask("subscription { other }");
  expect([response.status, response.headers.get("content-type")]).toEqual([400, expect.stringContaining("json")]);
});

it("sends a comment when there is nothing to tell, and loses no result by it", async () => {
  vi.useFakeTimers();
  try {
    let tell = (_item: IteratorResult<ExecutionResult>): void => {};
    const next = vi.fn(
      () =>
        new Promise<IteratorResult<ExecutionResult>>((resolve) => {
          tell = resolve;
        }),
    );
    const events = writeEvents(
      { next },
      (result) => result,
      () => ({ errors: [] }),
    );
    const silent = events.next();
    await vi.advanceTimersByTimeAsync(15_000);
    expect((await silent).value).toBe(":\n\n");
    const told = events.next();
    tell({ done: false, value: { data: { count: 1 } } });
    expect((await told).value).toBe('event: next\ndata: {"data":{"count":1}}\n\n');
    expect(next).toHaveBeenCalledTimes(1);
  } finally {
    vi.useRealTimers();
  }
});
