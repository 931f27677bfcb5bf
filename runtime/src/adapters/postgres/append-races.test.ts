// Appends that meet other transactions on a real server: slow ones, and what closes, archives and lists streams.
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { note, textOf } from "../../conformance/cases/index.js";
import type { AppendRequest, RecordedEvent, StreamAppend } from "../../store/ports/index.js";
import { openPostgres, type PostgresUnderTest, url } from "./postgres.fixture.js";

const streamOf = (id: string) => ({ tenant: "t", type: "Note", id });
const context = { correlationId: "c", causationId: "k", metadata: {} };
const to = (id: string, expectedVersion: number, texts: readonly string[] = ["x"]): StreamAppend => ({
  stream: streamOf(id),
  expectedVersion,
  events: texts.map(note),
});
const request = (...given: Parameters<typeof to>): AppendRequest => ({ ...to(...given), ...context });
const command = (id: string) => ({ id, requestHash: "h", response: new Uint8Array([1]) });

describe.skipIf(url === undefined)("appends at the same time as other transactions", () => {
  let under: PostgresUnderTest;
  let other: pg.Client;
  beforeEach(async () => {
    under = await openPostgres();
    other = new pg.Client({ connectionString: url });
    await other.connect();
  });
  afterEach(async () => {
    await other.end();
    await under.close();
  });

  /** Appends in a transaction that stays open. */
  const appendSlowly = async (id: string, expectedVersion: number) => {
    await other.query("BEGIN");
    await other.query(
      `SELECT outcome FROM ${under.schema}.append_one('t', 'Note', $1, 0::smallint, $2, gen_random_uuid(), 'T', 1, '\\x',
        'c', 'k', '{}', NULL, NULL, NULL)`,
      [id, expectedVersion],
    );
  };

  it.each([
    ["COMMIT", "conflict"],
    ["ROLLBACK", "appended"],
  ])("wait for a slow one on their own stream only, and see its %s", async (end, kind) => {
    const { events } = under.store;
    const ids = Array.from({ length: 40 }, (_, i) => `s${i}`);
    await Promise.all(ids.map((id) => events.append(request(id, 0))));
    await appendSlowly("s3", 1);
    for (const own of [undefined, command]) {
      const version = own === undefined ? 1 : 2;
      const append = (id: string) =>
        events.append({ ...request(id, id === "s3" ? 1 : version), ...(own && { command: own(id) }) });
      const slow = append("s3").then((result) => result.kind);
      const others = ids.filter((id) => id !== "s3");
      for (const result of await Promise.all(others.map(append))) expect(result.kind).toBe("appended");
      expect(await Promise.race([slow, "waits"])).toBe("waits");
      if (own === undefined) continue;
      await other.query(end);
      expect(["conflict", kind]).toContain(await slow);
    }
    expect((await events.readStream(streamOf("s3"))).length).toBe(2);
  });

  it("lose against each other without an effect on those that share their statement", async () => {
    const stores = [under.store, await under.peer(), await under.peer()];
    const won = new Map<string, number>();
    for (let round = 0; round < 30; round++) {
      const outcomes = await Promise.all(
        stores.flatMap(({ events }, process) => [
          ...["hot", "warm"].map((id) =>
            events
              .append({ ...request(id, round), ...(process === 1 && { command: command(`${id}-${round}`) }) })
              .then(({ kind }) => [id, kind]),
          ),
          ...[0, 1, 2].map((i) =>
            events
              .append(request(`p${process}-${i}`, round, process === 2 ? ["a", "b"].slice(0, 1 + (i % 2)) : ["a"]))
              .then(({ kind }) => ["own", kind]),
          ),
        ]),
      );
      for (const [id = "", kind] of outcomes) {
        if (kind === "appended") won.set(id, (won.get(id) ?? 0) + 1);
        else expect(kind).toBe("conflict");
      }
    }
    // The one that appends two events each time is at another version in every second round.
    expect(Object.fromEntries(won)).toEqual({ hot: 30, warm: 30, own: 30 * 8 + 15 });
    for (const id of ["hot", "warm"]) {
      const read = await under.store.events.readStream(streamOf(id));
      expect(read.map(({ version }) => version)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
      const positions = read.map(({ position }) => position);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
    }
    // The record of a command that has lost is gone.
    for (let round = 0; round < 30; round++) {
      const found = await under.store.events.findCommand("t", `hot-${round}`);
      if (found !== undefined) expect(found.version).toBe(round + 1);
    }
  });

  it("of several events lose whole, and only their own stream: no statement fails", async () => {
    const sent = vi.spyOn(pg.Client.prototype, "query");
    try {
      const stores = [under.store.events, (await under.peer()).events];
      const ids = Array.from({ length: 12 }, (_, i) => `m${i}`);
      const won: string[] = [];
      for (let round = 0; round < 40; round++) {
        const own = round % 2 === 0 ? undefined : command;
        const results = await Promise.all(
          stores.flatMap((events, process) =>
            ids.map(async (id) => {
              const name = `${process} ${id} ${round}`;
              const append = request(id, 2 * round, [name, name]);
              const { kind } = await events.append({ ...append, ...(own && { command: own(name) }) });
              return { name, kind };
            }),
          ),
        );
        expect(results.filter(({ kind }) => kind === "conflict")).toHaveLength(ids.length);
        const appended = results.filter(({ kind }) => kind === "appended").map(({ name }) => name);
        expect(appended).toHaveLength(ids.length);
        if (own !== undefined) won.push(...appended);
      }
      for (const id of ids) {
        const read = await under.store.events.readStream(streamOf(id));
        expect(read.map(({ version }) => version)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
        const texts = read.map(textOf);
        expect(texts.filter((_, i) => i % 2 === 0)).toEqual(texts.filter((_, i) => i % 2 === 1));
      }
      const { rows } = await under.admin.query(`SELECT id FROM ${under.schema}.commands ORDER BY id`);
      expect(rows.map(({ id }) => id).toSorted()).toEqual(won.toSorted());
      const codes = await Promise.all(
        sent.mock.results.map(({ value }) => Promise.resolve(value).then(undefined, ({ code }) => code as string)),
      );
      // A statement that loses a race for a version says which streams it has not written; a function may find the rest.
      expect(codes.filter((code) => code === "23505")).toEqual([]);
    } finally {
      sent.mockRestore();
    }
  });

  it("write the streams of a group in one order, so that groups of two processes do not wait in a circle", async () => {
    const [one, two] = [under.store.events, (await under.peer()).events];
    const ids = Array.from({ length: 30 }, (_, i) => `s${10 + i}`);
    for (let round = 0; round < 10; round++) {
      const own = round % 2 === 0 ? undefined : command;
      const append = (events: typeof one, process: string) => (id: string) =>
        events.append({ ...request(id, round), ...(own && { command: own(`${process} ${id} ${round}`) }) });
      const results = await Promise.all([...ids.map(append(one, "1")), ...ids.toReversed().map(append(two, "2"))]);
      expect(results.filter(({ kind }) => kind === "appended")).toHaveLength(ids.length);
    }
    // Those of appends that have lost are not recorded.
    const { rows } = await under.admin.query(`SELECT count(*)::int AS n FROM ${under.schema}.commands`);
    expect(rows).toEqual([{ n: 5 * ids.length }]);
    await Promise.all(ids.toReversed().map((id) => one.append(request(id, 10))));
    const written = (await one.readAll(0, 1000)).events.slice(-20).map(({ stream }) => stream.id);
    expect(written).toEqual(written.toSorted());
  });

  it("hold the streams that they depend on until they are committed", async () => {
    // Where the server looks for deadlocks only after a minute, one of them would end the test.
    const patient = {
      url: `${url}${url?.includes("?") ? "&" : "?"}options=${encodeURIComponent("-c deadlock_timeout=60s")}`,
    };
    const stores = [await under.peer(patient), await under.peer(patient)];
    for (let round = 0; round < 40; round++) {
      const ids = [`a${round}`, `b${round}`] as const;
      // Each is allowed only if the other stream has not begun.
      const results = await Promise.allSettled(
        stores.map(({ events }, i) =>
          events.appendToStreams({
            ...context,
            appends: [to(ids[i] as string, 0), to(ids[1 - i] as string, 0, [])],
          }),
        ),
      );
      const kinds = results.map((one) => (one.status === "fulfilled" ? one.value.kind : one.reason.code));
      expect(kinds.filter((kind) => kind === "appended")).toHaveLength(1);
    }
    // A condition leaves nothing behind.
    const { rows } = await under.admin.query(`SELECT count(*)::int AS n FROM ${under.schema}.events WHERE pos < 0`);
    expect(rows).toEqual([{ n: 0 }]);
  });

  it("are written before a stream is closed, or refused", async () => {
    const [one, two] = [under.store.events, (await under.peer()).events];
    for (let round = 0; round < 30; round++) {
      const id = `c${round}`;
      await one.append(request(id, 0));
      const results = await Promise.all([one.append(request(id, 1)), two.closeStream(streamOf(id), 1)]);
      const kinds = results.map(({ kind }) => kind);
      expect([
        ["appended", "conflict"],
        ["closed", "appended"],
      ]).toContainEqual(kinds);
      const isClosed = kinds[1] === "appended";
      expect((await one.append(request(id, 1))).kind).toBe(isClosed ? "closed" : "conflict");
      expect((await two.append({ ...request(id, 2), command: command(id) })).kind).toBe(
        isClosed ? "closed" : "appended",
      );
      const [listed] = await one.listStreams({ limit: 1, after: streamOf(`c${round - 1}`) });
      if (round > 0 && listed?.stream.id === id) expect(listed.closed).toBe(isClosed);
      expect(await one.readStream(streamOf(id))).toHaveLength(isClosed ? 1 : 3);
      expect((await one.loadStream(streamOf(id))).events).toHaveLength(isClosed ? 1 : 3);
    }
  });

  it("are waited for by archiving, which keeps the last version taken", async () => {
    const { events } = under.store;
    await events.append(request("a", 0, ["1", "2", "3"]));
    await appendSlowly("elsewhere", 0);
    let count: number | undefined;
    const archiving = events.archiveEvents(streamOf("a"), 3).then((archived) => {
      count = archived;
    });
    await events.append(request("b", 0));
    for (let i = 0; i < 20; i++) await events.head();
    expect(count).toBeUndefined();
    await other.query("COMMIT");
    await archiving;
    expect(count).toBe(3);
    for (const version of [0, 1, 2]) {
      expect(await events.append(request("a", version))).toMatchObject({ kind: "conflict", actualVersion: 3 });
    }
    expect(await events.append(request("a", 3, ["4"]))).toMatchObject({ kind: "appended", version: 4 });
    expect((await events.readStream(streamOf("a"))).map(textOf)).toEqual(["1", "2", "3", "4"]);
    expect(await events.archiveEvents(streamOf("a"), 4)).toBe(1);
    expect(await events.closeStream(streamOf("a"), 4)).toMatchObject({ kind: "appended" });
    expect(await events.archiveEvents(streamOf("a"), 9)).toBe(0);
    expect((await events.append(request("a", 4))).kind).toBe("closed");
    expect(await events.listStreams({ limit: 1 })).toMatchObject([{ version: 4, closed: true, archivedVersion: 4 }]);
    expect((await events.readAll(0, 100)).events).toHaveLength(6);
  });

  it("are waited for by archiving also between their look at the version and their write", async () => {
    const [one, two] = [under.store.events, (await under.peer()).events];
    await one.append(request("a", 0));
    await other.query("BEGIN");
    await other.query(
      `INSERT INTO ${under.schema}.unique_values (tenant, index, value, stream_type, stream_id) VALUES ('t', 'i', 'v', 'Note', 'z')`,
    );
    // Has found version 1, and waits for the unique value.
    const late = one.append({
      ...request("a", 1, ["late"]),
      uniqueValues: [{ index: "i", value: "v", action: "reserve" }],
    });
    const waiting = "SELECT FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'";
    while ((await under.admin.query(waiting, [under.schema])).rowCount === 0) await two.head();
    await two.append(request("a", 1, ["2", "3"]));
    const archiving = two.archiveEvents(streamOf("a"), 3);
    expect(await Promise.race([archiving, new Promise((resolve) => setTimeout(resolve, 100, "waits"))])).toBe("waits");
    await other.query("ROLLBACK");
    expect(await late).toMatchObject({ kind: "conflict", actualVersion: 3 });
    expect(await archiving).toBe(3);
    expect((await two.readStream(streamOf("a"))).map(textOf)).toEqual(["x", "2", "3"]);
  });

  it("and imports write streams in one order, whatever the order of the events", async () => {
    const { events } = under.store;
    await events.append(request("source", 0));
    const [{ data: _, ...event } = { data: undefined }] = (await events.readAll(0, 1)).events;
    const ids = ["z", "m", "a"];
    const copies = ids.map((id, i) => ({
      ...(event as RecordedEvent),
      bytes: new Uint8Array(),
      stream: streamOf(id),
      id: `00000000-0000-4000-8000-00000000000${i}`,
    }));
    await appendSlowly("m", 0);
    const importing = events.importEvents(copies);
    const waiting = "SELECT FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'";
    while ((await under.admin.query(waiting, [under.schema])).rowCount === 0) await events.head();
    // It waits for `m`, has written `a` and not yet `z`, although that is the first event.
    const free = async (id: string) => {
      const text = `SELECT FROM ${under.schema}.append_one('t', 'Note', $1, 0::smallint, 0, gen_random_uuid(), 'T', 1, '\\x',
        'c', 'k', '{}', NULL, NULL, NULL)`;
      await under.admin.query("BEGIN; SET LOCAL lock_timeout = '100ms'");
      try {
        await under.admin.query(text, [id]);
        return true;
      } catch {
        return false;
      } finally {
        await under.admin.query("ROLLBACK");
      }
    };
    expect([await free("z"), await free("a")]).toEqual([true, false]);
    await other.query("ROLLBACK");
    expect(await importing).toBe(3);
    expect((await events.readAll(1, 10)).events.map(({ stream }) => stream.id)).toEqual(ids);
  });

  it("show in the list of streams at once, also to a user who may not write", async () => {
    const { events } = under.store;
    await events.append(request("a", 0));
    await events.listStreams({ limit: 1 });
    await Promise.all(["a", "b", "c"].map((id, i) => events.append(request(id, i === 0 ? 1 : 0, ["x", "y"]))));
    // Keeps the high-water mark below what follows.
    await appendSlowly("slow", 0);
    await events.append(request("d", 0));
    const listed = async (store = under.store) =>
      (await store.events.listStreams({ limit: 3, after: streamOf("a") })).map(({ stream, version }) => [
        stream.id,
        version,
      ]);
    const expected = [
      ["b", 2],
      ["c", 2],
      ["d", 1],
    ];
    await under.admin.query(`ALTER TABLE ${under.schema}.streams RENAME TO streams_of_tools;
      CREATE VIEW ${under.schema}.streams AS SELECT * FROM ${under.schema}.streams_of_tools LIMIT 100`);
    expect(await listed()).toEqual(expected);
    await under.admin.query(`DROP VIEW ${under.schema}.streams;
      ALTER TABLE ${under.schema}.streams_of_tools RENAME TO streams`);
    expect(await listed()).toEqual(expected);
    expect(await listed(await under.peer())).toEqual(expected);
    await other.query("ROLLBACK");
  });
});
