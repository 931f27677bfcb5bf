import type { StringValue } from "@bufbuild/protobuf/wkt";
import { PGlite } from "@electric-sql/pglite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { Account, createAccount, deposit, open } from "../aggregate/account.fixture.js";
import { silentLogger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { ExternalBatch, ExternalChange, ExternalTarget, ProjectionTarget } from "../projection/index.js";
import { type SqlSession, sessionOf } from "../sql/index.js";
import { memory } from "../store/memory/index.js";
import type { ProjectionBuildId, Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { getTotal, queries, sumOf, Total, totals } from "./total.fixture.js";

describe.each(Object.entries({ memory, pglite: () => pglite() }))("read models on %s", (_, openStore) => {
  let store: Store;
  const apps: App[] = [];

  /** Opens apps that share the store, like successive processes. The store is stopped at the end. */
  function start(projection: ReturnType<typeof totals>, logger?: Parameters<typeof createApp>[0]["logger"]): App {
    const shared: Store = {
      ...store,
      events: store.events,
      rows: store.rows,
      projections: store.projections,
      start: async () => {},
      stop: async () => {},
    };
    const app = createApp({ parts: [createAccount(), projection, queries], store: shared, ...(logger && { logger }) });
    apps.push(app);
    return app;
  }

  const total = async (app: App) => sumOf(await app.query(getTotal, { value: "a" }));

  beforeEach(async () => {
    store = openStore();
    await store.start();
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    await store.stop();
  });

  it("include an event soon after the append", async () => {
    const app = start(totals({}));
    await app.send(open, { value: "a" });
    await app.send(deposit, { value: "a:5" });
    await app.send(deposit, { value: "a:7" });
    await app.waitForProjections();
    expect(await total(app)).toBe(12);
    expect(app.projections).toMatchObject([
      { version: 1, mode: "async", state: "live", position: 3, error: undefined },
    ]);
  });

  it("that are inline include an event when its command resolves", async () => {
    const app = start(totals({ mode: "inline" }));
    await app.send(open, { value: "a" });
    await app.send(deposit, { value: "a:5" });
    expect(await total(app)).toBe(5);
    expect(app.projections[0]?.position).toBe(Number.POSITIVE_INFINITY);
  });

  it("that are inline and fail make the command fail", async () => {
    const app = start(totals({ mode: "inline", fail: () => true }));
    await app.send(open, { value: "a" });
    await expect(app.send(deposit, { value: "a:5" })).rejects.toMatchObject({ code: "internal" });
    expect(await app.history(Account, "a")).toHaveLength(1);
    expect(await total(app)).toBe(0);
  });

  it("that are inline and new include earlier events, each only once after a restart", async () => {
    const before = start(totals({}));
    await before.send(open, { value: "a" });
    await before.send(deposit, { value: "a:5" });
    await before.stop();
    const inline = start(totals({ mode: "inline", version: 2 }));
    await inline.send(deposit, { value: "a:1" });
    expect(await total(inline)).toBe(6);
    await inline.stop();
    const again = start(totals({ mode: "inline", version: 2 }));
    await again.send(deposit, { value: "a:1" });
    expect(await total(again)).toBe(7);
  });

  it("that are inline and new wait for processes whose appends do not update them", async () => {
    const old = start(totals({ mode: "inline" }));
    await old.send(open, { value: "a" });
    await old.send(deposit, { value: "a:5" });
    const warn = vi.fn();
    const next = start(totals({ mode: "inline", version: 2, factor: 10 }), { ...silentLogger, warn });
    let started = false;
    const starting = next.start().then(() => {
      started = true;
    });
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
    expect(warn.mock.calls[0]?.[1]).toMatchObject({
      projection: "google.protobuf.StringValue",
      version: 2,
      processes: 1,
    });
    await old.send(deposit, { value: "a:2" });
    expect([await total(old), started]).toEqual([7, false]);
    await old.stop();
    await starting;
    expect(await total(next)).toBe(70);
    await next.send(deposit, { value: "a:1" });
    expect(await total(next)).toBe(80);
    // A process of the same release does not wait, and one of an earlier release must not append any more.
    const same = start(totals({ mode: "inline", version: 2, factor: 10 }));
    await same.send(deposit, { value: "a:1" });
    expect(await total(next)).toBe(90);
    for (const mode of ["inline", "async"] as const) {
      await expect(start(totals({ mode })).start()).rejects.toMatchObject({
        code: "failed_precondition",
        message: expect.stringContaining("StringValue version 2 is kept by every append"),
      });
    }
  });

  it("that were inline cannot become async under the same version", async () => {
    const inline = start(totals({ mode: "inline" }));
    await inline.start();
    await inline.stop();
    await expect(start(totals({})).start()).rejects.toThrow("raise the version");
  });

  it("of a new version are built next to the live one, which answers queries until they have caught up", async () => {
    const first = start(totals({}));
    await first.send(open, { value: "a" });
    await first.send(deposit, { value: "a:5" });
    await first.waitForProjections();
    let stuck = true;
    const second = start(totals({ version: 2, factor: 10, fail: () => stuck }));
    await second.start();
    await expect.poll(() => second.projections[0]?.deadLetters).toBe(1);
    expect([await total(first), await total(second)]).toEqual([5, 5]);
    stuck = false;
    await second.projection(Total).retry();
    await second.waitForProjections();
    await expect.poll(() => total(second)).toBe(50);
    expect(second.projections[0]?.state).toBe("live");
  });

  it("that cannot apply an event block its key, report it, and continue with other keys", async () => {
    const lines: unknown[] = [];
    const log = (message: string, fields?: object) => void lines.push({ message, ...fields });
    let stuck = true;
    const app = start(totals({ fail: () => stuck }), { debug() {}, info() {}, warn() {}, error: log });
    await app.send(open, { value: "a" });
    await app.send(deposit, { value: "a:5" });
    await app.send(deposit, { value: "a:7" });
    await app.send(open, { value: "b" });
    await app.waitForProjections();
    // It is retried after a while, which may have passed.
    expect(lines[0]).toMatchObject({
      message: "projection could not apply an event, kept it as a dead letter",
      key: "account/a",
      error: { message: "not today" },
    });
    const control = app.projection("Total");
    const deadLetters = await control.deadLetters();
    expect(deadLetters).toMatchObject([
      { key: "account/a", position: 2, attempts: expect.any(Number), error: expect.stringMatching(/^Error: at /) },
      { key: "account/a", position: 3, attempts: 0, error: undefined },
    ]);
    expect(sumOf((await app.query(getTotal, { value: "b" })) as StringValue)).toBe(0);
    stuck = false;
    expect(await control.retry("account/a")).toBe(1);
    await expect.poll(() => total(app)).toBe(12);
    expect(await control.deadLetters()).toEqual([]);
  });

  it("apply every event once with two concurrent workers", async () => {
    const [one, two] = [start(totals({})), start(totals({}))];
    await Promise.all([one.start(), two.start()]);
    await one.send(open, { value: "a" });
    for (let i = 0; i < 20; i++) await (i % 2 === 0 ? one : two).send(deposit, { value: "a:1" });
    await Promise.all([one.waitForProjections(), two.waitForProjections()]);
    expect(await total(one)).toBe(20);
  });
});

/** A table of the application, written by a target. Fails once, after it has written. */
function ownTable(): ProjectionTarget<(text: string) => Promise<void>> {
  let failing = true;
  const sessionIn = (transaction: Parameters<typeof sessionOf>[0]): SqlSession => {
    const session = sessionOf(transaction);
    if (session === undefined) throw new Error("expected a store in SQL");
    return session;
  };
  return {
    async prepare({ projections }) {
      const prepared = { name: "prepared", version: 1, generation: 1, shard: 0 };
      await projections.register({ ...prepared, shards: 1 });
      const lease = await projections.acquire(prepared, "test", 1000);
      if (lease === undefined) throw new Error("expected a lease");
      await projections.commit({ ...lease, from: 0, to: 1 }, async (transaction) => {
        await sessionIn(transaction).script("CREATE TABLE IF NOT EXISTS seen (n serial, text text)");
        return [];
      });
    },
    open(transaction, { stream }) {
      const session = sessionIn(transaction);
      const handle = async (text: string) => {
        await session.query({ text: "INSERT INTO seen (text) VALUES ($1)" }, [`${stream.id} ${text}`]);
        if (failing) {
          failing = false;
          throw new PotterError("unavailable", "not yet");
        }
      };
      return { handle, settled: async () => {} };
    },
  };
}

/** A search engine with an index for each build, and an alias for the live one. */
class SearchEngine implements ExternalTarget<string> {
  readonly transactional = false;
  readonly indexes = new Map<string, string[]>();
  alias: string | undefined;
  /** How often it fails to move the alias. */
  failures = 0;

  async prepare(build: ProjectionBuildId): Promise<void> {
    if (!this.indexes.has(nameOf(build))) this.indexes.set(nameOf(build), []);
  }

  async write(changes: readonly ExternalChange<string>[], { build }: ExternalBatch): Promise<void> {
    const index = this.indexes.get(nameOf(build));
    if (index === undefined) throw new Error(`there is no index ${nameOf(build)}`);
    index.push(...changes.map(({ change }) => change));
  }

  async promote(build: ProjectionBuildId): Promise<void> {
    if (this.failures-- > 0) throw new Error("not now");
    this.alias = nameOf(build);
  }

  async drop(build: ProjectionBuildId): Promise<void> {
    this.indexes.delete(nameOf(build));
  }
}

const nameOf = ({ version, generation }: ProjectionBuildId): string => `totals-${version}-${generation}`;

it("a projection into an external target is rebuilt in a second index, and the old one is dropped", async () => {
  const engine = new SearchEngine();
  const projection = Total.projection<string>({
    target: engine,
    on: {
      opened: (_event, changes) => changes.emit("opened"),
      deposited: (event, changes) => changes.emit(`+${event.value}`),
    },
  });
  const app = createApp({ parts: [createAccount(), projection, queries], projections: { retiredBuildTtl: 0 } });
  await app.send(open, { value: "a" });
  await app.send(deposit, { value: "a:5" });
  await app.waitForProjections();
  await vi.waitFor(() => expect(engine.alias).toBe("totals-1-1"));
  expect([...engine.indexes]).toEqual([["totals-1-1", ["opened", "+5"]]]);
  engine.failures = 1;
  await app.projection("Total").rebuild();
  await vi.waitFor(() => expect(engine.alias).toBe("totals-1-2"));
  await vi.waitFor(() => expect([...engine.indexes]).toEqual([["totals-1-2", ["opened", "+5"]]]));
  expect(engine.failures).toBe(-1);
  await app.stop();
});

it("a projection with its own target writes in the transaction of its checkpoint", async () => {
  const database = await PGlite.create();
  const app = createApp({
    store: pglite({ database }),
    parts: [
      createAccount(),
      queries,
      Total.projection({
        target: ownTable(),
        on: {
          opened: (_event, write) => write("opened"),
          deposited: (event, write) => write(`+${event.value}`),
        },
      }),
    ],
  });
  await app.send(open, { value: "a" });
  await app.send(deposit, { value: "a:5" });
  await app.waitForProjections();
  // The writes of the failed batch were rolled back.
  expect((await database.query("SELECT text FROM seen ORDER BY n")).rows).toEqual([
    { text: "a opened" },
    { text: "a +5" },
  ]);
  await app.stop();
  await database.close();
});
