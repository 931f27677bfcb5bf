import type { DeadLetter, Store } from "../store/ports/index.js";
import { expectEqual } from "../testing/expectations/index.js";
import {
  type ConformanceCase,
  deadLetterOf,
  defineCase,
  idsOf,
  type OpenStore,
  rowCodec,
  step,
  table,
  take,
  tenant,
} from "./cases/index.js";

/** Dead letters and blocked keys. */
export function deadLetterCases(open: OpenStore): readonly ConformanceCase[] {
  return [
    defineCase(open, "parks events with the step that could not apply them", ({ store }) => parks(store)),
    defineCase(open, "returns dead letters one by one, in order, when they are due", ({ store }) => retries(store)),
    defineCase(
      open,
      "deletes dead letters that are discarded, and makes their worker acquire the shard again",
      ({ store }) => discards(store),
    ),
  ];
}

const build = { name: "p", version: 1, generation: 1 };
const all = { limit: 100 };
const toPlain = ({ key, position, error, attempts }: DeadLetter) => [key, position, error ?? "", attempts];

async function parks(store: Store): Promise<void> {
  const { projections } = store;
  await projections.register({ name: "p", version: 1, shards: 2 });
  const lease = await take(store);
  await step(projections, lease, 0, 9, async () => [
    deadLetterOf("b", 3, { error: "E\0", attempts: 1, retryIn: 60_000 }),
    deadLetterOf("b", 5),
    deadLetterOf("a\0", 9, { error: "E", attempts: 1 }),
  ]);
  const found = await projections.deadLetters(build, all);
  expectEqual("the dead letters", found.map(toPlain), [
    ["a\0", 9, "E", 1],
    ["b", 3, "E\0", 1],
    ["b", 5, "", 0],
  ]);
  expectEqual(
    "a dead letter",
    { ...found[1], retryIn: 0 },
    {
      ...{
        key: "b",
        position: 3,
        shard: 0,
        eventId: "01890000-0000-7000-8000-000000000001",
        type: "t",
        schemaVersion: 1,
      },
      ...{ stream: { tenant: "", type: "s\0", id: "b" }, version: 3, error: "E\0", attempts: 1, retryIn: 0 },
    },
  );
  const { retryIn = 0 } = found[1] ?? {};
  expectEqual("the wait", [retryIn > 50_000, retryIn <= 60_000, found[0]?.retryIn], [true, true, undefined]);
  expectEqual("of one key", (await projections.deadLetters(build, { ...all, key: "b" })).length, 2);
  expectEqual("at most one", (await projections.deadLetters(build, { limit: 1 })).length, 1);
  expectEqual("of another shard", await projections.deadLetters(build, { ...all, shard: 1 }), []);
  expectEqual("of another build", await projections.deadLetters({ ...build, generation: 2 }, all), []);
  expectEqual("the keys", [...(await projections.blockedKeys({ ...build, shard: 0 }))].sort(), ["a\0", "b"]);
  expectEqual("the keys of another shard", await projections.blockedKeys({ ...build, shard: 1 }), []);
  const [record] = await projections.list(["p"]);
  expectEqual(
    "how many",
    record?.shards.map(({ deadLetters }) => deadLetters),
    [3, 0],
  );
  const failing = step(projections, lease, 0, 10, async () => [deadLetterOf("c", 10)]);
  expectEqual(
    "a step that was refused",
    [await failing, (await projections.deadLetters(build, all)).length],
    [false, 3],
  );
}

async function retries(store: Store): Promise<void> {
  const { projections, rows } = store;
  await projections.register({ name: "p", version: 1, shards: 1 });
  const lease = await take(store);
  await step(projections, lease, 0, 9, async () => [
    deadLetterOf("b", 3, { error: "E", attempts: 6 }),
    deadLetterOf("b", 5),
    deadLetterOf("b", 7),
    deadLetterOf("c", 6, { error: "E", attempts: 6 }),
  ]);
  const due = async () => (await projections.deadLetters(build, { ...all, due: true })).map(toPlain);
  expectEqual("what is due before", await due(), []);
  expectEqual("keys to retry", await projections.retry(build, "b"), 1);
  expectEqual("what is due", await due(), [["b", 3, "E", 0]]);
  const failed = { kind: "failed", key: "b", position: 3, attempts: 1, error: "again", retryIn: 60_000 } as const;
  await step(projections, lease, 9, 9, async () => [failed]);
  expectEqual("what is due after it failed", await due(), []);
  expectEqual(
    "the dead letters after that",
    (await projections.deadLetters(build, { ...all, key: "b" })).map(toPlain),
    [
      ["b", 3, "again", 1],
      ["b", 5, "", 0],
      ["b", 7, "", 0],
    ],
  );
  expectEqual("all keys to retry", await projections.retry(build), 2);
  await step(projections, lease, 9, 9, async (transaction) => {
    await transaction.put(table, tenant, "3", rowCodec.create({ id: "3" }));
    return [{ kind: "applied", key: "b", position: 3 }];
  });
  expectEqual("what was applied", await idsOf(rows, []), ["3"]);
  expectEqual("what is due next, the other key first", await due(), [
    ["c", 6, "E", 0],
    ["b", 5, "", 0],
  ]);
  await step(projections, lease, 9, 9, async () => [
    { kind: "applied", key: "b", position: 5 },
    { kind: "applied", key: "b", position: 7 },
  ]);
  expectEqual("the keys that are left", await projections.blockedKeys({ ...build, shard: 0 }), ["c"]);
}

async function discards(store: Store): Promise<void> {
  const { projections } = store;
  await projections.register({ name: "p", version: 1, shards: 2 });
  const [lease, other] = [await take(store), await take(store, 1)];
  await step(projections, lease, 0, 9, async () => [deadLetterOf("b", 3), deadLetterOf("b", 5), deadLetterOf("c", 6)]);
  expectEqual("an unknown key", await projections.discard(build, "x"), 0);
  expectEqual("the worker after that", await step(projections, lease, 9, 10), true);
  expectEqual("how many", await projections.discard(build, "b"), 2);
  expectEqual("a step of a worker that has cached the blocked key", await step(projections, lease, 10, 11), false);
  expectEqual("a step of another shard", await step(projections, other, 0, 11), true);
  expectEqual("the keys", await projections.blockedKeys({ ...build, shard: 0 }), ["c"]);
  expectEqual("where its worker continues", (await take(store)).position, 10);
}
