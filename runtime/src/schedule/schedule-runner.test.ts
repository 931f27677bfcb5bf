import { afterEach, expect, it, vi } from "vitest";
import type { DueRow, RowStore } from "../store/ports/index.js";
import { recurringTable } from "./recurring-commands.js";
import { ScheduleRunner } from "./schedule-runner.js";

let runner: ScheduleRunner | undefined;
afterEach(() => runner?.stop());

/** Rows of which those whose keys begin with "bad" always fail. Returns what was fired. */
function run(keys: readonly string[]): { readonly fired: string[]; readonly warnings: unknown[] } {
  const rows = new Map(
    keys.map((key, i): [string, DueRow] => [key, { table: recurringTable.table.name, tenant: "", key, due: i + 1 }]),
  );
  const due: RowStore["due"] = async (_, limit) => {
    // As long as a store takes at least.
    await new Promise((resolve) => setImmediate(resolve));
    const all = [...rows.values()];
    const next = all[limit]?.due;
    return { now: 10_000, rows: all.slice(0, limit), ...(next !== undefined && { next }) };
  };
  const fired: string[] = [];
  const warnings: unknown[] = [];
  const silent = () => {};
  const logger = { debug: silent, info: silent, error: silent, warn: (...line: unknown[]) => warnings.push(line) };
  runner = new ScheduleRunner({ due } as RowStore, [recurringTable.table], logger, async ({ key }) => {
    fired.push(key);
    if (key.startsWith("bad")) throw new Error("the row cannot be decoded");
    rows.delete(key);
    return true;
  });
  runner.start();
  return { fired, warnings };
}

it("fires what is due although any number of rows before it always fails", async () => {
  const bad = Array.from({ length: 120 }, (_, i) => `bad${i}`);
  const { fired, warnings } = run([...bad, "good"]);
  await vi.waitFor(() => expect(fired).toContain("good"), 20_000);
  for (const key of bad) expect(fired).toContain(key);
  expect(warnings[0]).toEqual([
    "the row of a scheduled command could not be changed, will retry",
    { table: "schedules", id: "bad0", failures: 1, retryIn: expect.any(Number), error: expect.any(Error) },
  ]);
});

it("fires a row that always fails at growing intervals, not all the time", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.9);
  const { fired } = run(["bad", "good"]);
  await vi.waitFor(() => expect(fired).toContain("good"), 20_000);
  // In this time it would be fired in each turn of the event loop, and after 900 ms once.
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(fired.filter((key) => key === "bad").length).toBeLessThan(10);
  vi.restoreAllMocks();
});
