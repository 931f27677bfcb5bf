// When commands are sent on a real server: cancelled ones, missed occurrences, and times that the clocks skip or repeat.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Account, createAccount, deposit, open } from "../../aggregate/account.fixture.js";
import { type App, createApp } from "../../app/index.js";
import { charge, createTill, type TillHandlers } from "../../app/till.fixture.js";
import { type Part, schedule, scheduledCommands } from "../../engines/index.js";
import { type Occurrences, recurringTable } from "../../schedule/index.js";
import type { Store } from "../../store/ports/index.js";
import { cron } from "../cron/index.js";
import { openPostgres, type PostgresUnderTest, url } from "./postgres.fixture.js";

const patience = { interval: 20 };

describe.skipIf(url === undefined)("schedules in PostgreSQL", () => {
  let under: PostgresUnderTest;
  const apps: App[] = [];
  beforeEach(async () => {
    under = await openPostgres();
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    await under.close();
  });

  /** An app like that of another process. */
  function start(parts: readonly Part[], store: Store = under.store, till: TillHandlers = {}): App {
    const shared = { ...store, start: async () => {}, stop: async () => {} };
    const app = createApp({ parts: [createAccount(), ...createTill(till), ...parts], store: shared });
    apps.push(app);
    return app;
  }

  it("are either cancelled or take effect, if one process cancels what others send", async () => {
    const parts = () => [scheduledCommands({ methods: [deposit] })];
    const [one, other] = [start(parts()), start(parts(), await under.peer())];
    await Promise.all([one.start(), other.start()]);
    await one.send(open, { value: "a" });
    const cancelled: string[] = [];
    const refused: string[] = [];
    for (let round = 0; cancelled.length < 10 || refused.length < 10; round++) {
      const ids = Array.from({ length: 12 }, (_, i) => `${round}-${i}`);
      await Promise.all(ids.map((id, i) => one.schedules.schedule(deposit, { value: "a:1" }, { id, in: 2 * i })));
      await Promise.all(
        ids.map(async (id) => {
          await new Promise((resolve) => setTimeout(resolve, 30 * Math.random()));
          ((await other.schedules.cancel(id)) ? cancelled : refused).push(id);
        }),
      );
    }
    await expect.poll(() => one.schedules.list(), patience).toEqual([]);
    const events = (await one.history(Account, "a")).slice(1);
    expect(events.map(({ causationId }) => causationId).sort()).toEqual(refused.map((id) => `schedule:${id}`).sort());
  });

  /** Runs a recurring command whose row says that an occurrence is due, and returns the occurrences that are sent until none follows. */
  async function sentAfterDowntime(times: Occurrences, missed: "skip" | "once" | "all", at: string) {
    const sent: string[] = [];
    const till = {
      charge: async ({ value }: { value: string }) => {
        sent.push(value);
        return { value };
      },
    };
    const request = (occurrence: Date) => ({ value: occurrence.toISOString().slice(0, 16) });
    const parts = () => [schedule({ name: "report", times, missed, method: charge, request })];
    const before = start(parts(), under.store, till);
    await before.start();
    await before.stop();
    const { table, change } = recurringTable;
    const time = Date.parse(at);
    await under.store.rows.transact(async (rows) => {
      const row = await rows.get(table, "", "report");
      await rows.put(table, "", "report", change(row, { due: time, at: time }));
    });
    const app = start(parts(), under.store, till);
    await app.start();
    const next = async () => (await app.schedules.recurring())[0]?.occurrence;
    await expect.poll(next, patience).toBeUndefined();
    return sent;
  }

  /** The occurrences before a time. */
  const until = (times: Occurrences, end: string): Occurrences => ({
    text: times.text,
    next: (after) => {
      const next = times.next(after);
      return next !== undefined && next.getTime() < Date.parse(end) ? next : undefined;
    },
  });

  it.each([
    ["all", ["2024-05-01T09:00", "2024-05-02T09:00", "2024-05-03T09:00"]],
    ["once", ["2024-05-03T09:00"]],
    ["skip", []],
  ] as const)("that were missed while no process ran are sent by the policy %s", async (missed, expected) => {
    const times = until(cron("0 9 * * *"), "2024-05-04T00:00:00Z");
    expect(await sentAfterDowntime(times, missed, "2024-05-01T09:00:00Z")).toEqual(expected);
  });

  it.each([
    // On 31 March 2024, 02:00 was followed by 03:00, which was 01:00 in UTC.
    ["skip a time", "30 2 * * *", "2024-03-30T01:30", ["2024-03-31T01:00", "2024-04-01T00:30"], "2024-04-02T00:00Z"],
    // On 27 October 2024, 03:00 was followed by 02:00, which was 01:00 in UTC.
    ["repeat a time", "30 2 * * *", "2024-10-26T00:30", ["2024-10-27T00:30", "2024-10-28T01:30"], "2024-10-29T00:00Z"],
    [
      "repeat an hour",
      "*/30 * * * *",
      "2024-10-27T00:00",
      ["2024-10-27T00:30", "2024-10-27T01:00", "2024-10-27T01:30", "2024-10-27T02:00"],
      "2024-10-27T02:15Z",
    ],
  ])("recur at local times where the clocks %s", async (_, expression, first, others, end) => {
    const times = until(cron(expression, { timeZone: "Europe/Berlin" }), end);
    expect(await sentAfterDowntime(times, "all", `${first}Z`)).toEqual([first, ...others]);
  });
});
