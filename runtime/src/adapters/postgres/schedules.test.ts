// Scheduled and recurring commands and a reaction on a real server, run by processes that kill themselves at named points.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AnyCodec } from "../../message/index.js";
import type { RecordedEvent, RowTable, Store } from "../../store/ports/index.js";
import { openPostgres, url } from "./postgres.fixture.js";
import { Processes } from "./processes.fixture.js";

const isFull = process.env["POTTER_FULL"] === "true";

const around = (kind: string) => [`${kind} claimed`, `${kind} before its append`, `${kind} appended`];
/** Within a statement, so that it may or may not take effect; and where nothing is left to do. */
const within = (kind: string) => [
  `${kind} claimed in its transaction`,
  `${kind} in its append`,
  `${kind} ended in its transaction`,
  `${kind} ended`,
];
const points = [
  ...around("command"),
  ...around("occurrence"),
  "event handled",
  "reaction appended",
  "dead letter stored",
  ...(isFull
    ? [...within("command"), ...within("occurrence"), "reaction in its append", "checkpoint stored"]
    : ["command in its append"]),
];

const patience = { timeout: 400_000, interval: 50 };
const tableOf = (name: string): RowTable => ({ name, version: 1, codec: undefined as unknown as AnyCodec, due: "due" });
const tables = [tableOf("scheduled:shop.stock.v1.StockService.Replenish"), tableOf("schedules")];

/** Runs processes until each of the points was reached, lets others end what is left, and returns all events. */
async function run(reached: readonly string[], mutant?: string) {
  const under = await openPostgres();
  const { store, schema } = under;
  const folder = mkdtempSync(join(tmpdir(), "potter-schedules-"));
  const [trace, log, failures, quiet] = ["trace", "log", "failures", "quiet"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const file of [trace, log, failures]) writeFileSync(file, "");
  const linesOf = (file: string) => readFileSync(file, "utf8").split("\n").filter(Boolean);
  const missing = () => {
    const passed = linesOf(trace);
    return reached.filter((point) => !passed.includes(point));
  };
  const processes = new Processes("scheduler.mjs", (number) => {
    // Each process takes another of the points that none has reached.
    const open = existsSync(quiet) ? [] : missing();
    const point = open[number % Math.max(1, open.length)];
    return { url, schema, number, point, nth: 1 + (number % 3), lease: 400, trace, log, failures, quiet, mutant };
  });
  const failed = () => {
    if (processes.failure !== undefined) throw processes.failure;
  };
  try {
    for (let i = 0; i < 3; i++) processes.start();
    await expect
      .poll(() => {
        failed();
        return missing();
      }, patience)
      .toEqual([]);
    writeFileSync(quiet, "");
    await expect
      .poll(async () => {
        failed();
        return unfinished(store);
      }, patience)
      .toEqual([]);
    await processes.stop();
    failed();
    const scheduled = linesOf(log);
    return { scheduled, events: await readAll(store), killed: processes.killed, failed: linesOf(failures) };
  } finally {
    await processes.stop();
    rmSync(folder, { recursive: true, force: true });
    await under.close();
  }
}

/** What still has to be done. */
async function unfinished(store: Store): Promise<readonly unknown[]> {
  const { rows, next } = await store.rows.due(tables, 10);
  const head = await store.events.head();
  const builds = await store.projections.list(["copy"]);
  const shards = builds.flatMap((build) => build.shards);
  if (shards.some(({ deadLetters }) => deadLetters > 0)) await store.projections.retry(builds[0] as never);
  const behind = shards.filter(({ position, deadLetters }) => position < head || deadLetters > 0);
  return [...rows, ...(next === undefined ? [] : [next]), ...behind];
}

async function readAll(store: Store): Promise<readonly RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for (let after = 0; ; after = found.at(-1)?.position ?? 0) {
    const { events } = await store.events.readAll(after, 500);
    if (events.length === 0) return found;
    found.push(...events);
  }
}

const causesOf = (events: readonly RecordedEvent[], stream: RegExp): readonly string[] =>
  events.filter(({ stream: { id } }) => stream.test(id)).map(({ causationId }) => causationId);

describe.skipIf(url === undefined)("schedules and reactions in PostgreSQL, of processes that are killed", () => {
  it("send each command exactly once wherever a process dies", async () => {
    const { scheduled, events, killed, failed } = await run(points);
    expect(killed).toBeGreaterThanOrEqual(points.length);

    const sources = causesOf(events, /^source/);
    expect(new Set(sources).size).toBe(sources.length);
    // Others may have been stored by a process that died before it could log them.
    expect(sources).toEqual(expect.arrayContaining(scheduled.map((id) => `schedule:${id}`)));

    const ticks = causesOf(events, /^tick$/).map((id) => Date.parse(id.slice("schedule:tick:".length)));
    const [first = 0] = ticks;
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks).toEqual(ticks.map((_, i) => first + 100 * i));

    // In the order of the events of each stream, also of those that failed at first.
    for (const i of [0, 1, 2, 3]) {
      const ids = events.filter(({ stream: { id } }) => id === `source${i}`).map(({ id }) => `copy:${id}:1`);
      expect(causesOf(events, new RegExp(`^copy${i}$`))).toEqual(ids);
    }
    expect(failed.length).toBeGreaterThan(0);
  }, 900_000);

  it.runIf(isFull)(
    "would fail this test if the ids of commands did not follow from the events",
    async () => {
      const { events } = await run(["reaction appended"], "ids");
      expect(causesOf(events, /^copy/).length).toBeGreaterThan(causesOf(events, /^source/).length);
    },
    900_000,
  );
});
