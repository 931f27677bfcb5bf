import { expect, it, vi } from "vitest";
import { Deposited } from "../aggregate/account.fixture.js";
import { EventCatalog } from "../aggregate/index.js";
import { silentLogger } from "../cqrs/index.js";
import { newId } from "../message/index.js";
import { memory } from "../store/memory/index.js";
import { EventTail } from "../store/subscriptions/index.js";
import type { Goal } from "./goal.js";
import { Reach } from "./reach.js";

const goal: Goal = {
  tenant: "",
  user: "",
  correlationId: "c",
  models: [],
  position: 0,
  at: 0,
  events: [Deposited.type],
  from: 0,
};

async function open() {
  const store = memory();
  await store.start();
  const catalog = new EventCatalog();
  catalog.add(Deposited);
  const tail = new EventTail(store.events);
  const projection = () => {
    throw new Error("there are no read models");
  };
  const reach = new Reach({ catalog, tail, logger: silentLogger, projection, storedTypesOf: (type) => [type] });
  const append = (correlationId: string) =>
    store.events.append({
      stream: { tenant: "", type: "account", id: newId() },
      expectedVersion: 0,
      events: [{ id: newId(), definition: Deposited, data: Deposited.codec.create({ value: 1 }) }],
      correlationId,
      causationId: newId(),
      metadata: {},
    });
  return { store, tail, reach, append };
}

it("waits share one reader of the log, which ends with the last of them", async () => {
  const { store, tail, reach, append } = await open();
  await append("another");
  const from = await store.events.head();
  const readAll = vi.spyOn(store.events, "readAll");
  const waiting = Array.from({ length: 500 }, () => reach.reach({ ...goal, from }, 60_000, undefined));
  await vi.waitFor(() => expect(tail.recent).toBeDefined());
  await append("another");
  await append("c");
  const found = await Promise.all(waiting);
  expect(found.every(({ reached, event }) => reached && event?.correlationId === "c")).toBe(true);
  expect(readAll.mock.calls.length).toBeLessThan(50);
  expect(tail.recent).toBeUndefined();
  await store.stop();
});

it("waits that end in vain leave no reader, no timer and no listener", async () => {
  const { store, tail, reach } = await open();
  const caller = new AbortController();
  const remove = vi.spyOn(caller.signal, "removeEventListener");
  const clear = vi.spyOn(globalThis, "clearTimeout");
  const aborted = reach.reach(goal, 60_000, caller.signal);
  const late = reach.reach(goal, 5, undefined);
  const stopped = reach.reach(goal, 60_000, undefined);
  expect(await late).toEqual({ reached: false });
  caller.abort();
  expect(await aborted).toEqual({ reached: false });
  reach.end();
  expect(await stopped).toEqual({ reached: false });
  expect(await reach.reach(goal, 60_000, undefined)).toEqual({ reached: false });
  expect(remove).toHaveBeenCalled();
  expect(clear.mock.calls.length).toBeGreaterThanOrEqual(4);
  expect(tail.recent).toBeUndefined();
  vi.restoreAllMocks();
  await store.stop();
});
