// Projections on a real server, run by processes that kill themselves at named points, or freeze there and resume later.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { BytesValueSchema, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { type EventDefinition, es, newId } from "../../message/index.js";
import { openPostgres, url } from "./postgres.fixture.js";
import { Processes } from "./processes.fixture.js";

const deadly = [
  "leased",
  "read",
  "applied",
  "committing",
  "committed",
  "sent",
  "rebuilding",
  "before the swap",
  "swapping",
  "swapped",
] as const;

const counted: EventDefinition = { type: "soak.Counted", version: 1, codec: es(StringValueSchema) };
const counts = { name: StringValueSchema.typeName, version: 1, shards: 4 };
const codec = es(StringValueSchema);
const streams = ["a", "b", "c", "d", "e", "f"];

interface Sent {
  readonly stream: string;
  readonly version: number;
  readonly epoch: number;
}

/** A store with writers, and processes that project its events. */
async function openField(options: {
  readonly mutant?: string;
  /** The fault points: each process takes the next one that none has reached. */
  readonly points: readonly string[];
}) {
  const { points, mutant } = options;
  const under = await openPostgres();
  const { store, schema } = under;
  const folder = mkdtempSync(join(tmpdir(), "potter-projections-"));
  const [trace, sent] = [join(folder, "trace"), join(folder, "sent")];
  for (const file of [trace, sent]) writeFileSync(file, "");
  const linesOf = (file: string) => readFileSync(file, "utf8").split("\n").filter(Boolean);
  const passed = () => linesOf(trace).map((line) => line.replace(/ \d+$/, ""));
  const processes = new Processes("projector.mjs", (number) => {
    const open = points.filter((point) => !passed().includes(point));
    const point = open[number % Math.max(1, open.length)];
    const nth = /swap|rebuild/.test(point ?? "") ? 1 : 1 + (number % 3);
    return { url, schema, trace, sent, mutant, point, lease: 400, nth };
  });
  const versions = new Map<string, number>();
  return {
    under,
    processes,
    passed,
    frozen: () => linesOf(trace).map((line) => Number(line.split(" ").at(-1))),
    sent: () => linesOf(sent).map((line) => JSON.parse(line) as Sent),
    /** One more event for each stream. */
    async write(): Promise<void> {
      for (const id of streams) {
        const before = versions.get(id) ?? 0;
        const data = create(StringValueSchema, { value: `${id}${before + 1}` });
        const result = await store.events.append({
          stream: { tenant: "", type: "Soak", id },
          expectedVersion: before,
          events: [{ id: newId(), definition: counted, data }],
          correlationId: "c",
          causationId: "k",
          metadata: {},
        } as never);
        expect(result.kind).toBe("appended");
        versions.set(id, before + 1);
      }
    },
    /** Begins a build next to the live one, unless one exists. */
    async rebuild(): Promise<void> {
      const builds = await store.projections.list([counts.name]);
      if (!builds.some(({ state }) => state === "building")) await store.projections.rebuild(counts);
    },
    /** Waits until the live build has applied all events and is the only build. */
    async settled(): Promise<void> {
      const head = await store.events.head();
      const behind = async () => {
        if (processes.failure !== undefined) throw processes.failure;
        const builds = await store.projections.list([counts.name, BytesValueSchema.typeName]);
        return builds
          .filter(({ state }) => state !== "retired")
          .flatMap((build) => [
            ...(build.state === "building" ? [`${build.name} is building`] : []),
            ...build.shards.flatMap(({ position, deadLetters: parked }) =>
              position < head || parked > 0 ? [position] : [],
            ),
          ]);
      };
      await expect.poll(behind, { interval: 100 }).toEqual([]);
    },
    /** The live rows, and the expected rows. */
    async rows(): Promise<{ readonly actual: unknown; readonly expected: unknown }> {
      const live = await store.projections.live(counts.name);
      if (live === undefined) throw new Error("expected a live build");
      const { name, version, generation } = live;
      const table = { name, version, generation, codec };
      const rows = await store.rows.scan(table, "", { limit: 100, conditions: [], order: "ascending" } as never);
      return {
        actual: rows.map(({ row }) => (row as { value: string }).value).sort(),
        expected: streams.map((id) => `${id} ${versions.get(id)} ${versions.get(id)}`),
      };
    },
    versionOf: (id: string) => versions.get(id) ?? 0,
    async close(): Promise<void> {
      await processes.stop();
      rmSync(folder, { recursive: true, force: true });
      await under.close();
    },
  };
}

type Field = Awaited<ReturnType<typeof openField>>;

/** Writes and rebuilds until the condition holds. */
async function workUntil(field: Field, holds: () => boolean, rebuild: boolean): Promise<void> {
  const end = Date.now() + 400_000;
  while (!holds()) {
    if (field.processes.failure !== undefined) throw field.processes.failure;
    if (Date.now() > end) throw new Error(`came no further than ${field.passed().join(", ")}`);
    await field.write();
    if (rebuild) await field.rebuild();
    await sleep(30);
  }
}

describe.skipIf(url === undefined)("projections in PostgreSQL, run by processes that are killed", () => {
  it("apply each event exactly once wherever a process dies, and send each at least once", async () => {
    const field = await openField({ points: deadly });
    try {
      for (let i = 0; i < 3; i++) field.processes.start();
      // On a busy machine a process may need longer to start than until the next kill.
      let [passed, since] = [-1, Date.now()];
      const killing = setInterval(() => {
        const now = field.passed().length;
        if (now === passed && Date.now() < since + 15_000) return;
        [passed, since] = [now, Date.now()];
        field.processes.killOne();
      }, 1500);
      await workUntil(field, () => deadly.every((point) => field.passed().includes(point)), true).finally(() =>
        clearInterval(killing),
      );
      await field.settled();
      const { actual, expected } = await field.rows();
      expect(actual).toEqual(expected);

      const sent = field.sent();
      for (const id of streams) {
        const own = sent.filter(({ stream }) => stream === id).map(({ version }) => version);
        const first = [...new Set(own)];
        expect(first).toEqual(Array.from({ length: field.versionOf(id) }, (_, i) => i + 1));
      }
      // The process that died after sending.
      expect(sent.length).toBeGreaterThan(streams.reduce((sum, id) => sum + field.versionOf(id), 0));
    } finally {
      await field.close();
    }
  });

  it.each(["frozen after the read", "frozen in the transaction"])(
    "write nothing of one that wakes up when others have gone on: %s",
    async (point) => {
      const field = await openField({ points: [point] });
      try {
        field.processes.start();
        await workUntil(field, () => field.passed().length > 0, false);
        const frozen = field.frozen();
        // That fault point is taken, so this process has none.
        field.processes.start();
        await field.write();
        await field.settled();
        const { actual, expected } = await field.rows();
        expect(actual).toEqual(expected);
        for (const pid of frozen) process.kill(pid, "SIGCONT");
        await field.write();
        await field.settled();
        await sleep(500);
        const after = await field.rows();
        expect(after.actual).toEqual(after.expected);
        expect(field.processes.failure).toBeUndefined();
      } finally {
        await field.close();
      }
    },
    180_000,
  );

  it("would fail this test if they kept their checkpoints apart from their rows", async () => {
    const field = await openField({ points: ["apart"], mutant: "apart" });
    try {
      field.processes.start();
      await workUntil(field, () => field.passed().includes("apart"), false);
      await field.settled();
      const { actual, expected } = await field.rows();
      expect(actual).not.toEqual(expected);
      expect(String(actual)).toContain("broken");
    } finally {
      await field.close();
    }
  });
});
