import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { note, rowCodec, tableOf, textOf, write } from "../../conformance/cases/index.js";
import { eventSchemasConformance } from "../../conformance/event-schema-store-conformance.js";
import { eventStoreConformance } from "../../conformance/event-store/index.js";
import { outboxConformance } from "../../conformance/outbox-conformance.js";
import { projectionStoreConformance } from "../../conformance/projection-store-conformance.js";
import { rowStoreConformance } from "../../conformance/row-store-conformance.js";
import { stateStoreConformance } from "../../conformance/state-store-conformance.js";
import { subjectKeysConformance } from "../../conformance/subject-key-store-conformance.js";
import type { Store } from "../../store/ports/index.js";
import { openDatabase, type PgliteDatabase } from "./database.js";
import { pglite } from "./pglite.js";

const root: string = mkdtempSync(join(tmpdir(), "potter-pglite-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Opens a store in its own schema: a database for each case would cost seconds. */
function openerOf(database: () => PgliteDatabase) {
  return async () => {
    const schema = `test_${randomUUID().replaceAll("-", "")}`;
    const store = pglite({ database: database(), schema });
    await store.start();
    return {
      store,
      peer: async () => store,
      async close() {
        await store.stop();
        await database().exec(`DROP SCHEMA ${schema} CASCADE`);
      },
    };
  };
}

/** A database in memory differs only in its file system, so it is tested with POTTER_FULL=true alone. */
const media: readonly (readonly [string, string | undefined])[] = [
  ["in a folder that was closed and opened again", join(root, "conformance")],
  ...(process.env["POTTER_FULL"] === "true" ? [["in memory", undefined] as const] : []),
];

describe.each(media)("PGlite %s", (_, folder) => {
  let database: PgliteDatabase;
  beforeAll(async () => {
    if (folder !== undefined) await (await openDatabase(folder)).close();
    database = await openDatabase(folder);
  });
  afterAll(() => database.close());
  const open = openerOf(() => database);
  const stress = { milliseconds: 800, writers: 6 };
  for (const { name, run } of [
    ...eventStoreConformance(open, { stress }),
    ...rowStoreConformance(open),
    ...projectionStoreConformance(open),
    ...subjectKeysConformance(open),
    ...eventSchemasConformance(open),
    ...stateStoreConformance(open),
    ...outboxConformance(open),
  ])
    it(name, run, 60_000);
});

describe("pglite(folder)", () => {
  const table = tableOf();
  const stream = { tenant: "t", type: "Note", id: "a" };

  async function append(store: Store, expectedVersion: number) {
    return store.events.append({
      stream,
      expectedVersion,
      events: [note(`${expectedVersion}`)],
      correlationId: "c",
      causationId: "k",
      metadata: {},
      command: { id: `c${expectedVersion}`, requestHash: "h", response: new Uint8Array([1]) },
    });
  }

  it("keeps all data, admits one process at a time, and takes over from a killed process", async () => {
    const folder = join(root, "kept");
    const store = pglite(folder);
    await store.start();
    await append(store, 0);
    await store.events.saveSnapshot(stream, { version: 1, stateVersion: 1, state: new Uint8Array([7]) });
    await write(store, (rows) => rows.put(table, "t", "k", rowCodec.create({ id: "k" })));
    await expect(pglite(folder).start()).rejects.toThrow(`the database in ${folder} is in use by this process`);
    await store.stop();

    // A process that no longer exists.
    const gone = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
    writeFileSync(`${folder}.lock.${gone}`, "has it\n");
    const again = pglite(folder);
    await again.start();
    expect((await again.events.readStream(stream)).map(textOf)).toEqual(["0"]);
    expect((await again.events.loadStream(stream, { stateVersion: 1 })).snapshot).toMatchObject({
      version: 1,
      state: new Uint8Array([7]),
    });
    expect(await again.rows.get(table, "t", "k")).toMatchObject({ id: "k" });
    expect(await again.projections.list(["fill"])).toMatchObject([{ shards: [{ position: 1 }] }]);
    expect(await append(again, 0)).toMatchObject({ kind: "duplicate", version: 1 });
    expect(await append(again, 1)).toMatchObject({ kind: "appended", version: 2, position: 2 });
    expect(await again.health()).toEqual({
      reachable: true,
      latency: expect.any(Number),
      warnings: ["fsync is off: after a crash the whole database may be lost"],
    });
    await again.stop();
    expect(await again.health()).toMatchObject({ reachable: false, error: expect.stringContaining("is not open") });
  });

  it("reports which process has the folder", async () => {
    const folder = join(root, "taken");
    writeFileSync(`${folder}.lock.${process.ppid}`, "has it\n");
    await expect(pglite(folder).start()).rejects.toMatchObject({
      code: "failed_precondition",
      message: `the database in ${folder} is in use by process ${process.ppid}; if that is not so, delete ${folder}.lock.${process.ppid}`,
    });
  });

  it("reports that a database cannot be opened, and releases the folder", async () => {
    const folder = join(root, "file");
    writeFileSync(folder, "not a folder");
    for (let i = 0; i < 2; i++) {
      await expect(pglite(folder).start()).rejects.toMatchObject({
        code: "failed_precondition",
        message: `the database in ${folder} cannot be opened; it may be damaged`,
      });
    }
  });

  it("leaves nothing pending when it stops", async () => {
    const database = await openDatabase(undefined);
    const store = pglite({ database });
    await store.start();
    let release = () => {};
    const held = database.transaction(
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    const waiting = Promise.allSettled([
      append(store, 0),
      store.events.readAll(0, 10),
      store.projections.list(["fill"]),
    ]);
    await store.stop({ timeout: 20 });
    expect((await waiting).map((one) => one.status === "rejected" && one.reason.code)).toEqual(
      Array.from({ length: 3 }, () => "unavailable"),
    );
    release();
    await held;
    await database.close();
  });

  it("reports that it is not open", async () => {
    await expect(pglite().events.readAll(0, 1)).rejects.toMatchObject({ code: "unavailable" });
  });
});
