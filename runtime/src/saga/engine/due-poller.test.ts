import { afterEach, expect, it, vi } from "vitest";
import { PotterError } from "../../errors/index.js";
import type { DueRow, RowStore, RowTable } from "../../store/ports/index.js";
import { type SagaKey, StoreClock } from "../transaction/index.js";
import { DuePoller } from "./due-poller.js";

const now = 1_000_000;
const table = { name: "potter.sagas.trips.v1.Trip", version: 1 } as RowTable;

let poller: DuePoller | undefined;
afterEach(() => poller?.stop());

/** A poller of sagas, in the order in which they are due; `handle` is given their ids. */
function poll(
  ids: readonly string[],
  handle: (id: string) => boolean | "foreign" | "no_room",
  { room = () => 100, beat = () => {} }: { readonly room?: () => number; readonly beat?: () => void } = {},
) {
  const rows = new Map(
    ids.map((key, i): [string, DueRow] => [key, { table: table.name, tenant: "", key, due: i + 1 }]),
  );
  const handled: string[] = [];
  const warnings: Readonly<Record<string, unknown>>[] = [];
  const silent = () => {};
  let failures = 0;
  const due: RowStore["due"] = async (_, limit) => {
    const all = [...rows.values()];
    const next = all[limit]?.due;
    return { now, rows: all.slice(0, limit), ...(next !== undefined && { next }) };
  };
  poller = new DuePoller({
    rows: { due } as RowStore,
    tables: [
      {
        type: "trips.v1.Trip",
        table,
        async handle({ id }: SagaKey) {
          handled.push(id);
          const result = handle(id);
          if (result === true) rows.delete(id);
          return result;
        },
      },
    ],
    clock: new StoreClock(),
    logger: {
      debug: silent,
      info: silent,
      error: silent,
      warn: (text, fields) => warnings.push({ text, ...(fields as object) }),
    },
    // Nobody waits for a second poll.
    pollInterval: 3_600_000,
    beat: async () => beat(),
    nextBeat: () => Number.POSITIVE_INFINITY,
    room,
    onFailures: (count) => {
      failures += count;
    },
  });
  return { handled, warnings, start: () => poller?.start(), failures: () => failures };
}

const bad = Array.from({ length: 450 }, (_, i) => `bad${i}`);
const isBad = (id: string): boolean => id.startsWith("bad");

it.each([
  ["fail", { code: "data_loss" }, 100],
  ["fail in a process that has room for one command", { code: "data_loss" }, 1],
  ["fail for now", { code: "unavailable" }, 100],
] as const)("handles what is due although any number of sagas before it %s", async (_, { code }, room) => {
  const { handled, start, warnings, failures } = poll(
    [...bad, "good"],
    (id) => {
      if (isBad(id)) throw new PotterError(code, "no");
      return true;
    },
    { room: () => room },
  );
  await start();
  await vi.waitFor(() => expect(handled).toContain("good"), 20_000);
  const failed = handled.filter(isBad);
  expect(new Set(failed)).toEqual(new Set(bad));
  expect(failures()).toBe(failed.length);
  // One line for those that have failed together, and nothing is left out.
  expect(warnings.map(({ count }) => Number(count)).reduce((sum, count) => sum + count)).toBe(failed.length);
  expect(warnings[0]).toMatchObject({
    text: "sagas that are due could not be handled, will retry",
    ...{ saga: "trips.v1.Trip", id: "bad0", count: Math.min(room, 200), failures: 1, error: { code } },
  });
});

it("handles what is due although any number of sagas before it does not change", async () => {
  const { handled, start, warnings } = poll([...bad, "good"], (id) => !isBad(id));
  await start();
  await vi.waitFor(() => expect(handled).toContain("good"), 20_000);
  expect(warnings).toEqual([]);
});

it("handles a saga for which there was no room when there is some, however soon that is", async () => {
  let room = 1;
  const { handled, start } = poll(
    ["t1"],
    () => {
      if (handled.length > 1) return true;
      // Another saga began a command in between.
      room = 0;
      return "no_room";
    },
    {
      room: () => room,
      // The command has ended before the next poll, which therefore sees room.
      beat: () => {
        if (room > 0) return;
        room = 1;
        poller?.resume();
      },
    },
  );
  await start();
  await vi.waitFor(() => expect(handled).toEqual(["t1", "t1"]), 20_000);
});

it("leaves sagas to other processes until their time changes, without a poll for each command that ends", async () => {
  const { handled, start } = poll([...bad, "good"], (id) => (isBad(id) ? "foreign" : true));
  await start();
  await vi.waitFor(() => expect(handled).toContain("good"), 20_000);
  poller?.resume();
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(handled).toEqual([...bad, "good"]);
});

it("tries a saga that fails again, later each time", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.001);
  let isMended = false;
  const { handled, start } = poll(["bad"], () => {
    if (!isMended) throw new PotterError("data_loss", "no");
    return true;
  });
  await start();
  await vi.waitFor(() => expect(handled.length).toBeGreaterThan(0));
  // The poller waits for its interval. Something else is due meanwhile, which wakes it.
  const wake = async () => {
    poller?.expect(1);
    await new Promise((resolve) => setTimeout(resolve, 2));
  };
  await vi.waitFor(async () => {
    await wake();
    expect(handled.length).toBeGreaterThan(2);
  }, 20_000);
  isMended = true;
  await vi.waitFor(async () => {
    const before = handled.length;
    for (let i = 0; i < 20; i++) await wake();
    expect(handled).toHaveLength(before);
  }, 20_000);
  vi.restoreAllMocks();
});
