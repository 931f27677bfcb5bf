import type { EventStore } from "../../store/ports/index.js";
import {
  type ConformanceCase,
  commandOf,
  defineCase,
  expectInvalid,
  type OpenStore,
  type StoreUnderTest,
} from "../cases/index.js";

const wrongNumbers = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];
const halfOfPair = "half \ud800";
const build = { name: "Wrong", version: 1, generation: 1 };

/** Invalid leases, limits, shards and filters, which every port refuses. */
export function portPreconditionCases(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (under: StoreUnderTest) => Promise<void>) => defineCase(open, name, test);
  return [
    on("refuses projections, shards, leases and limits that are not whole numbers", refusesOfProjections),
    on("refuses invalid filters of events and holders of commands", ({ store }) => refusesOfEvents(store.events)),
    on("refuses limits of keys and of messages that are not whole numbers", refusesOfQueues),
  ];
}

async function refusesOfProjections({ store: { projections } }: StoreUnderTest): Promise<void> {
  for (const wrong of wrongNumbers) {
    const of = (what: string, work: () => Promise<unknown>) => expectInvalid(`${what} ${wrong}`, work);
    await of("the shards", () => projections.register({ name: "Wrong", version: 1, shards: wrong }));
    await of("the version", () => projections.register({ name: "Wrong", version: wrong, shards: 1 }));
    await of("the shards of a rebuild", () => projections.rebuild({ name: "Wrong", version: 1, shards: wrong }));
    await of("the lease of a worker", () => projections.heartbeat("w", ["Wrong"], wrong));
    await of("the lease of a shard", () => projections.acquire({ ...build, shard: 0 }, "w", wrong));
    await of("the shard", () => projections.acquire({ ...build, shard: wrong }, "w", 1_000));
    await of("the rows to delete", () => projections.drop(build, wrong));
    await of("the dead letters", () => projections.deadLetters(build, { limit: wrong }));
    await of("the shard of keys", () => projections.blockedKeys({ ...build, shard: wrong }));
  }
  await expectInvalid("no shard", () => projections.register({ name: "Wrong", version: 1, shards: 0 }));
  await expectInvalid("a name", () => projections.register({ name: halfOfPair, version: 1, shards: 1 }));
  await expectInvalid("a key of dead letters", () => projections.deadLetters(build, { limit: 1, key: halfOfPair }));
}

async function refusesOfEvents(events: EventStore): Promise<void> {
  for (const wrong of wrongNumbers.slice(0, 4)) {
    await expectInvalid(`from bucket ${wrong}`, () => events.readAll(0, 1, { buckets: { from: wrong, to: 1 } }));
    await expectInvalid(`to bucket ${wrong}`, () => events.readAll(0, 1, { buckets: { from: 0, to: wrong } }));
  }
  await expectInvalid("a tenant", () => events.readAll(0, 1, { tenant: halfOfPair }));
  await expectInvalid("a type", () => events.readAll(0, 1, { types: [halfOfPair] }));
  for (const holder of ["", "nobody", halfOfPair]) {
    await expectInvalid(`the holder ${holder}`, () => events.releaseCommand("t", "c", holder));
    await expectInvalid(`the holder ${holder} of an answer`, () => events.recordCommand("t", commandOf("c"), holder));
  }
}

async function refusesOfQueues({ store: { keys, outbox } }: StoreUnderTest): Promise<void> {
  for (const wrong of wrongNumbers) {
    if (keys !== undefined) await expectInvalid(`keys of ${wrong}`, () => keys.list(undefined, wrong));
    if (outbox === undefined) continue;
    await expectInvalid(`messages of ${wrong}`, () => outbox.next(wrong, []));
    await expectInvalid(`the lease ${wrong}`, () => outbox.lease("w", wrong));
  }
}
