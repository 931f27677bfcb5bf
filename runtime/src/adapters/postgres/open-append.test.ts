// An append that stays open below the head: responses meanwhile, and how the stall of readers is reported.
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAccount, deposit, open } from "../../aggregate/account.fixture.js";
import { type App, createApp } from "../../app/index.js";
import { getTotal, queries, sumOf, totals } from "../../app/total.fixture.js";
import { silentLogger } from "../../cqrs/index.js";
import { eventsExport } from "../cli/commands/events-export.js";
import { eventsReplay } from "../cli/commands/events-replay.js";
import { projectionsList } from "../cli/commands/projections.js";
import { fakeTerminal } from "../cli/terminal/fake-terminal.fixture.js";
import { openPostgres, type PostgresUnderTest, url } from "./postgres.fixture.js";

describe.skipIf(url === undefined)("an append that is open, at POTTER_POSTGRES_URL", () => {
  let under: PostgresUnderTest;
  let other: pg.Client;
  let app: App;
  const warn = vi.fn();
  const info = vi.fn();

  /** Acts like a process that has reserved its position and has not committed. */
  const beginAppend = async (applicationName: string) => {
    await other.query(`SET application_name = '${applicationName}'`);
    await other.query("BEGIN");
    await other.query(
      `SELECT outcome FROM ${under.schema}.append_one('', 'Note', 'slow', 0::smallint, 0, gen_random_uuid(), 'T', 1, '\\x',
        'c', 'k', '{}', NULL, NULL, NULL)`,
    );
  };
  const total = async () => sumOf(await app.query(getTotal, { value: "a" }));

  beforeEach(async () => {
    warn.mockClear();
    info.mockClear();
    under = await openPostgres();
    other = new pg.Client({ connectionString: url });
    await other.connect();
    const store = { ...under.store, start: async () => {}, stop: async () => {} };
    app = createApp({ parts: [createAccount(), totals({}), queries], store, logger: { ...silentLogger, warn, info } });
    await app.send(open, { value: "a" });
    await app.waitForProjections();
  });
  afterEach(async () => {
    await other.end();
    await app.stop();
    await under.close();
  });

  it.each(["COMMIT", "ROLLBACK"])(
    "keeps waitForProjections waiting for what was answered after it, until its %s",
    async (end) => {
      await beginAppend("slow");
      await app.send(deposit, { value: "a:5" });
      let waitForProjections = false;
      const waiting = app.waitForProjections().then(() => {
        waitForProjections = true;
      });
      // The head has been read many times since.
      for (let i = 0; i < 5; i++) await under.store.events.head();
      expect(waitForProjections).toBe(false);
      await other.query(end);
      await waiting;
      expect(await total()).toBe(5);
    },
  );

  it("keeps waitFor waiting when a command is sent again under its id", async () => {
    await beginAppend("slow");
    await app.send(deposit, { value: "a:5" }, { commandId: "once" });
    const again = app.send(deposit, { value: "a:5" }, { commandId: "once", waitFor: ["Total"] });
    let answered = false;
    const waiting = again.then(() => {
      answered = true;
    });
    for (let i = 0; i < 5; i++) await under.store.events.head();
    expect(answered).toBe(false);
    await other.query("COMMIT");
    await waiting;
    expect(await total()).toBe(5);
  });

  it("is reported as lag at once, and after some time as a stall that names its session", async () => {
    await beginAppend("frozen worker");
    const { rows } = await other.query("SELECT pg_backend_pid() AS pid");
    const { pid } = rows[0];
    await app.send(deposit, { value: "a:5" });
    const status = () => app.projections[0];
    await vi.waitFor(() => expect(status()).toMatchObject({ head: 3, position: 1, lag: 2 }));
    expect(status()?.headAt).toBeInstanceOf(Date);
    await vi.waitFor(() => expect(status()?.stalled).toBeDefined(), { interval: 100 });
    const by = { pid, applicationName: "frozen worker", state: "idle in transaction", age: expect.any(Number) };
    expect(status()?.stalled).toEqual({ head: 1, since: expect.any(Date), by: [by] });
    const named = `process ${pid} of the server ("frozen worker"), idle in transaction, open for `;
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[1]).toMatchObject({ head: 1, last: 3, by: [expect.stringContaining(named)] });

    expect(await under.store.health?.()).toMatchObject({
      reachable: true,
      warnings: [expect.stringContaining(`an append is open, and readers wait for it: ${named}`)],
    });
    const terminal = fakeTerminal();
    const target = async () => ({ start: async () => app, open: async () => app });
    await projectionsList.run({ terminal, target, options: { has: () => false } } as never);
    expect(terminal.logged).toContain(`events beyond position 1 cannot be read yet: ${named}`);

    await other.query("COMMIT");
    await vi.waitFor(() => expect(status()).toMatchObject({ lag: 0, stalled: undefined }));
    expect(info).toHaveBeenCalledWith(expect.stringContaining("can be read again"), { head: 1 });
    expect((await under.store.health?.())?.warnings).toEqual([]);
  });

  it.each([
    ["events export", eventsExport, {}],
    ["events replay", eventsReplay, { "dry-run": true }],
  ] as const)("is warned of by %s, which leaves out what is beyond", async (_, command, flags) => {
    const { store } = under;
    const runCommand = async (given: Readonly<Record<string, string | true>>) => {
      const terminal = fakeTerminal();
      const target = { store, rawStore: store, connect: async () => store };
      const options = {
        operands: [],
        has: (name: string) => Object.hasOwn({ ...flags, ...given }, name),
        text: (name: string) => given[name] as string | undefined,
        count: (name: string) => (given[name] === undefined ? undefined : Number(given[name])),
        list: () => [],
      };
      await command.run({ terminal, options, target: async () => target } as never);
      return terminal.logged;
    };
    expect(await runCommand({})).not.toContain("warning");
    await beginAppend("frozen worker");
    await app.send(deposit, { value: "a:5" });
    await app.send(deposit, { value: "a:6" });
    const warning = await runCommand({});
    expect(warning).toContain(
      "warning: up to 3 committed events beyond position 1 cannot be read yet and are left out, because an earlier append is still open; process ",
    );
    expect(warning).toContain('("frozen worker"), idle in transaction');
    expect(await runCommand({ to: "1" })).not.toContain("warning");
    await other.query("COMMIT");
    await expect.poll(() => runCommand({})).not.toContain("warning");
  });

  it("is also named when it is a prepared transaction without a process", async () => {
    await beginAppend("two phases");
    await other.query(`PREPARE TRANSACTION '${under.schema}'`);
    const found = await under.store.events.openAppends?.();
    await other.query(`ROLLBACK PREPARED '${under.schema}'`);
    expect(found).toEqual([{ age: expect.any(Number), gid: under.schema, state: "prepared" }]);
    expect(await under.store.events.openAppends?.()).toEqual([]);
  });
});
