import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SagaKey } from "../transaction/index.js";
import { SagaQueue } from "./saga-queue.js";

const key: SagaKey = { type: "trips.v1.Trip", tenant: "", id: "t1" };

/** A queue whose transactions end when the test says so. Messages are texts, those with `outcome` are outcomes of commands. */
function open(counts: { all: number; running: number }) {
  const transactions: (readonly string[])[] = [];
  let commit = (): void => {};
  const queue = new SagaQueue<string, string>({
    run: (_, messages) => {
      transactions.push(messages);
      return new Promise((resolve) => {
        commit = () => resolve(messages.map((message) => `${message} stored`));
      });
    },
    mayWait: (message) => message.startsWith("outcome"),
    commandsOf: () => counts,
  });
  return { transactions, send: (message: string) => queue.send(key, message), commit: () => commit() };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("applies a message at once, and together those that have waited for the transaction before", async () => {
  const { transactions, send, commit } = open({ all: 1, running: 1 });
  const first = send("outcome 1");
  expect(transactions).toEqual([["outcome 1"]]);
  const others = [send("outcome 2"), send("cancel")];
  commit();
  expect(await first).toBe("outcome 1 stored");
  commit();
  expect(await Promise.all(others)).toEqual(["outcome 2 stored", "cancel stored"]);
  expect(transactions).toEqual([["outcome 1"], ["outcome 2", "cancel"]]);
});

it("applies outcomes at once if few commands are under way", () => {
  const { transactions, send } = open({ all: 199, running: 100 });
  void send("outcome 1");
  expect(transactions).toEqual([["outcome 1"]]);
});

it("waits for the outcomes of all commands that run if very many are under way", async () => {
  const { transactions, send } = open({ all: 1_000, running: 3 });
  for (const message of ["outcome 1", "outcome 2"]) void send(message);
  await vi.advanceTimersByTimeAsync(0);
  expect(transactions).toEqual([]);
  void send("outcome 3");
  await vi.advanceTimersByTimeAsync(0);
  expect(transactions).toEqual([["outcome 1", "outcome 2", "outcome 3"]]);
});

it.each([
  [400, 2],
  [1_000, 5],
  [100_000, 5],
])("waits for a time that grows with the row, which has a bound: %s commands wait %s ms", async (all, wait) => {
  const { transactions, send } = open({ all, running: 100 });
  void send("outcome 1");
  await vi.advanceTimersByTimeAsync(wait - 1);
  expect(transactions).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(transactions).toEqual([["outcome 1"]]);
});

it("keeps no other message waiting", async () => {
  const { transactions, send } = open({ all: 1_000, running: 100 });
  void send("outcome 1");
  expect(transactions).toEqual([]);
  void send("cancel");
  await vi.advanceTimersByTimeAsync(0);
  expect(transactions).toEqual([["outcome 1", "cancel"]]);
});
