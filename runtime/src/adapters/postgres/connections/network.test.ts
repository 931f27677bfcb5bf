// Networks that lose responses, and servers that disappear without closing their connections.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  commandOf,
  deadLetterOf,
  first,
  note,
  rowCodec,
  step,
  streamOf,
  type TestRow,
  tableOf,
  take,
} from "../../../conformance/cases/index.js";
import type { ApplyInline, ProjectionStore, StateWrite, Store } from "../../../store/ports/index.js";
import { url } from "../postgres.fixture.js";
import { postgres } from "../postgres.js";
import { FaultyNetwork } from "./network-faults.fixture.js";

const table = tableOf();
/** An isolation level other than READ COMMITTED. */
const commit = "COMMIT\0";
const context = { correlationId: "c", causationId: "k", metadata: {} };

function request(id: string, command?: string) {
  return {
    stream: streamOf(id),
    expectedVersion: 0,
    events: [note(id)],
    ...context,
    ...(command !== undefined && { command: commandOf(command) }),
  };
}

/** A type of its own: the store remembers which types have handlers that read the position, which takes a transaction. */
function inTransaction(id: string, command?: string) {
  const one = note(id);
  const events = [{ ...one, definition: { ...one.definition, type: `${one.definition.type}Late` } }];
  return { ...request(id, command), events };
}

function stateOf(id: string, command?: string): StateWrite {
  const state = { stateVersion: 1, bytes: new Uint8Array([1]) };
  return { ...request(id, command), state, outbox: true };
}

/** Counts the appended events. */
const count: ApplyInline = async (_, transaction) => {
  const found = (await transaction.get(table, "", "count")) as TestRow | undefined;
  await transaction.put(table, "", "count", rowCodec.create({ id: "count", title: `${found?.title ?? ""}x` }));
};

const countByPosition: ApplyInline = async (events, transaction) => {
  for (const { position } of events) expect(position).toBeGreaterThan(0);
  await count(events, transaction);
};

describe.skipIf(url === undefined)("a network", () => {
  const schema = `network_${randomUUID().replaceAll("-", "")}`;
  let wire: FaultyNetwork;
  let store: Store;
  let projections: ProjectionStore;

  beforeAll(async () => {
    wire = await FaultyNetwork.open(url ?? "");
    store = postgres({ url: wire.url, schema, unresponsiveTimeout: 400, connectTimeout: 300, retryWindow: 3000 });
    await store.start();
    projections = store.projections;
    await projections.register({ name: "p", version: 1, shards: 1 });
    await step(projections, await take(store), 0, 1, async (transaction) => {
      await transaction.put(table, "", "one", rowCodec.create({ id: "one", title: "first" }));
      return [deadLetterOf("k", 1)];
    });
    await store.states?.write(stateOf("state"));
    await store.keys?.create({ tenant: "", subject: "ada" }, { key: new Uint8Array([1]), wrappedBy: "w" });
  });
  afterAll(async () => {
    await store?.stop();
    await wire?.close();
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(`DROP SCHEMA ${schema} CASCADE`);
    await admin.end();
  });

  async function losing<T>(text: string, work: () => Promise<T>): Promise<T> {
    const before = wire.lost;
    wire.loseAnswerTo(text);
    const result = await work();
    expect(wire.lost).toBe(before + 1);
    return result;
  }

  it.each<[string, string, () => Promise<unknown> | undefined, unknown]>([
    ["a row", "potter_get_row", () => store.rows.get(table, "", "one"), { title: "first" }],
    [
      "rows",
      "potter_get_rows",
      () => Promise.all(["one", "two"].map((key) => store.rows.get(table, "", key))),
      [{ title: "first" }, undefined],
    ],
    [
      "rows in order",
      "ORDER BY key LIMIT",
      () => store.rows.scan(table, "", { conditions: [], limit: 5 }),
      [{ key: "one" }],
    ],
    ["how many rows there are", "SELECT count(*) AS n", () => store.rows.count(table, "", []), 1],
    ["a state", "potter_load_state", () => store.states?.load(streamOf("state")), { version: 1 }],
    ["the builds of projections", "potter_builds", () => projections.list(["p"]), [{ name: "p" }]],
    ["the live build", "potter_live_build", () => projections.live("p"), { version: 1 }],
    ["dead letters", "ORDER BY key, pos", () => projections.deadLetters(first, { limit: 5 }), [{ key: "k" }]],
    ["blocked keys", "SELECT DISTINCT key", () => projections.blockedKeys({ ...first, shard: 0 }), ["k"]],
    ["keys", "potter_find_keys", () => store.keys?.find([{ tenant: "", subject: "ada" }]), [{ generation: 1 }]],
    ["all keys", "ORDER BY tenant, subject", () => store.keys?.list(undefined, 5), [{ subject: "ada" }]],
    ["messages", "potter_outbox_next", () => store.outbox?.next(5, []), [{ version: 1 }]],
    ["a backlog", "potter_outbox_backlog", () => store.outbox?.backlog(), { waiting: 1 }],
    ["declarations", "event_schemas", () => store.schemas?.list(), []],
  ])("that loses the response is sent the read of %s again", async (_, text, work, expected) => {
    const found = await losing(text, async () => work());
    if (typeof expected === "object") expect(found).toMatchObject(expected as object);
    else expect(found).toEqual(expected);
  });

  it("that loses the response to a command is sent it again, and the command runs once", async () => {
    const append = request("command", "1");
    expect(await losing("potter_append_one", () => store.events.append(append))).toMatchObject({ kind: "duplicate" });
    const inline = { ...request("inline", "2"), inline: count };
    expect(await losing("potter_append_one_with_row", () => store.events.append(inline))).toMatchObject({
      kind: "duplicate",
    });
    const late = { ...inTransaction("late", "5"), inline: countByPosition };
    expect(await losing(commit, () => store.events.append(late))).toMatchObject({ kind: "duplicate" });
    const states = store.states;
    if (states === undefined) throw new Error("no states");
    expect(await losing("potter_write_state", () => states.write(stateOf("s1", "3")))).toMatchObject({
      kind: "duplicate",
    });
    const both = { ...stateOf("s2", "4"), inline: count };
    expect(await losing(commit, () => states.write(both))).toMatchObject({ kind: "duplicate" });
    for (const id of ["command", "inline", "late"]) expect(await store.events.readStream(streamOf(id))).toHaveLength(1);
    for (const id of ["s1", "s2"]) expect(await states.load(streamOf(id))).toMatchObject({ version: 1 });
    expect(await store.rows.get(table, "", "count")).toMatchObject({ title: "xxx" });
  });

  it("that loses the responses to concurrent appends leaves only those without a command id unknown", async () => {
    const appends = Array.from({ length: 12 }, (_, at) => request(`g${at}`, at % 2 === 0 ? `g${at}` : undefined));
    // Two are sent alone.
    const settled = await losing("potter_append_singlesWithCommands", () =>
      Promise.all(appends.map((append) => store.events.append(append).catch(({ code }) => ({ kind: code })))),
    );
    expect(settled.slice(2).map(({ kind }) => kind)).toEqual(
      Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? "duplicate" : "unavailable")),
    );
    for (const { stream } of appends) expect(await store.events.readStream(stream)).toHaveLength(1);
  });

  it("that drops everything is detected, and pending statements are sent again or fail", async () => {
    // The number of open connections.
    await Promise.all(Array.from({ length: 5 }, () => store.events.readStream(streamOf("command"))));
    wire.freeze();
    const waiting = Promise.all([
      store.events.append(request("f1")).catch(({ code }) => code),
      store.events.append(request("f2", "f2")),
      store.rows.get(table, "", "one"),
    ]);
    setTimeout(() => wire.thaw(), 1500);
    expect(await waiting).toMatchObject(["unavailable", { kind: "appended" }, { title: "first" }]);
    expect(await store.events.append(request("f3"))).toMatchObject({ kind: "appended" });
  });

  it("that has dropped connections is detected with the server's list of sessions, and pending statements are resent at once", async () => {
    // The retry window starts when the failure is detected.
    const hasty = postgres({ url: wire.url, schema, unresponsiveTimeout: 400, connectTimeout: 5000, retryWindow: 300 });
    await hasty.start();
    try {
      await Promise.all(Array.from({ length: 5 }, () => hasty.events.readStream(streamOf("command"))));
      wire.forget();
      const waiting = [
        hasty.events.append(request("h1")).catch(({ code }) => code),
        hasty.events.append(request("h2", "h2")),
        hasty.rows.get(table, "", "one"),
      ];
      expect(await Promise.all(waiting)).toMatchObject(["unavailable", { kind: "appended" }, { title: "first" }]);
    } finally {
      await hasty.stop();
    }
  });

  it("is not considered lost while a statement is slow", async () => {
    const inline: ApplyInline = async ([event]) => {
      expect(event?.position).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 1500));
    };
    expect(await store.events.append({ ...inTransaction("patient"), inline })).toMatchObject({ kind: "appended" });
    const held = new pg.Client({ connectionString: url });
    await held.connect();
    await held.query(`BEGIN; INSERT INTO ${schema}.events
      SELECT -1, tenant, stream_type, stream_id, 2, 'held', 0, 0, id, at, '', '', '', '{}' FROM ${schema}.events
      WHERE stream_id = 'patient'`);
    const waiting = store.events.append({ ...request("patient"), expectedVersion: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await held.query("ROLLBACK");
    await held.end();
    expect(await waiting).toMatchObject({ kind: "appended", version: 2 });
  });
});
