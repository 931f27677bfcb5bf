import type { Outbox, Store } from "../store/ports/index.js";
import { expectEqual, expectTrue } from "../testing/expectations/index.js";
import {
  type ConformanceCase,
  defineCase,
  note,
  type OpenStore,
  type StoreUnderTest,
  streamOf,
} from "./cases/index.js";

/** Returns the cases of the outbox port, for any test runner: `for (const c of cases) it(c.name, c.run)`. */
export function outboxConformance(open: OpenStore): readonly ConformanceCase[] {
  return [
    defineCase(open, "returns messages in order, until they are removed", returnsInOrder),
    defineCase(open, "leaves out the streams that are blocked", leavesOut),
    defineCase(open, "lets one relay at a time, by its own clock", leasesToOne),
    defineCase(open, "removes nothing for a relay whose lease is over", fencesOff),
    defineCase(open, "reports the number and age of messages", reportsBacklog),
    defineCase(open, "wakes who waits for messages", wakes),
  ];
}

async function leave({ states }: Store, id: string, expectedVersion: number, count = 1): Promise<void> {
  const result = await states?.write({
    stream: streamOf(id),
    expectedVersion,
    events: Array.from({ length: count }, (_, i) => note(`${id}${expectedVersion + i + 1}`)),
    correlationId: "c",
    causationId: "k",
    metadata: {},
    state: { stateVersion: 1, bytes: new Uint8Array() },
    outbox: true,
  });
  expectEqual("the state is stored", result?.kind, "appended");
}

function outboxOf({ name, outbox }: Store): Outbox {
  if (outbox === undefined) throw new Error(`the store ${name} has no outbox`);
  return outbox;
}

async function namesOf(outbox: Outbox, limit: number, except: readonly string[] = []): Promise<readonly string[]> {
  const messages = await outbox.next(limit, except.map(streamOf));
  return messages.map(({ stream, version }) => `${stream.id}${version}`);
}

async function returnsInOrder({ store, peer }: StoreUnderTest): Promise<void> {
  const outbox = outboxOf(store);
  await leave(store, "a", 0, 2);
  await leave(await peer(), "b", 0);
  await leave(store, "a", 2);
  expectEqual("all", await namesOf(outbox, 10), ["a1", "a2", "b1", "a3"]);
  expectEqual("the first", await namesOf(outbox, 2), ["a1", "a2"]);
  const epoch = (await outbox.lease("me", 10_000)) ?? 0;
  const [first, , third] = await outbox.next(10, []);
  const positions = [first?.position ?? 0, third?.position ?? 0];
  expectEqual("removed", await outbox.remove(epoch, positions), true);
  expectEqual("what is left", await namesOf(outboxOf(await peer()), 10), ["a2", "a3"]);
  expectEqual("removed again", await outbox.remove(epoch, positions), true);
}

async function leavesOut({ store }: StoreUnderTest): Promise<void> {
  for (const id of ["a", "b", "c"]) await leave(store, id, 0, 3);
  const outbox = outboxOf(store);
  expectEqual("without a and c", await namesOf(outbox, 2, ["a", "c"]), ["b1", "b2"]);
  const elsewhere = await outbox.next(1, [{ ...streamOf("a"), tenant: "u" }]);
  expectEqual("another tenant's a", elsewhere[0]?.stream.id, "a");
}

async function leasesToOne({ store, peer }: StoreUnderTest): Promise<void> {
  const [mine, theirs] = [outboxOf(store), outboxOf(await peer())];
  const first = await mine.lease("me", 60_000);
  expectTrue(first !== undefined, "expected a lease", first);
  expectEqual("of another", await theirs.lease("they", 60_000), undefined);
  expectEqual("prolonged", await mine.lease("me", 30), first);
  await new Promise((resolve) => setTimeout(resolve, 120));
  const second = (await theirs.lease("they", 60_000)) ?? 0;
  expectTrue(second > (first ?? 0), "expected a greater epoch", [first, second]);
  expectEqual("when it has passed to another", await mine.lease("me", 60_000), undefined);
  await mine.release("me", first ?? 0);
  expectEqual("given back by who has lost it", await mine.lease("me", 60_000), undefined);
  await theirs.release("they", second);
  const third = (await mine.lease("me", 60_000)) ?? 0;
  expectTrue(third > second, "expected a greater epoch", [second, third]);
  const rivals = await Promise.all(["x", "y", "z"].map((owner) => theirs.lease(owner, 60_000)));
  expectEqual("rivals", rivals, [undefined, undefined, undefined]);
}

async function fencesOff({ store }: StoreUnderTest): Promise<void> {
  await leave(store, "a", 0);
  const outbox = outboxOf(store);
  const old = (await outbox.lease("me", 20)) ?? 0;
  const positions = (await outbox.next(1, [])).map(({ position }) => position);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expectEqual("after its time", await outbox.remove(old, positions), false);
  const epoch = (await outbox.lease("they", 60_000)) ?? 0;
  expectEqual("by the old epoch", await outbox.remove(old, positions), false);
  expectEqual("the message", await namesOf(outbox, 1), ["a1"]);
  expectEqual("by the new one", await outbox.remove(epoch, positions), true);
}

async function reportsBacklog({ store }: StoreUnderTest): Promise<void> {
  const outbox = outboxOf(store);
  expectEqual("nothing", await outbox.backlog(), { waiting: 0, oldestAge: 0 });
  await leave(store, "a", 0, 3);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const { waiting, oldestAge } = await outbox.backlog();
  expectEqual("messages", waiting, 3);
  expectTrue(oldestAge >= 20 && oldestAge < 60_000, "expected an age in milliseconds", oldestAge);
}

async function wakes({ store }: StoreUnderTest): Promise<void> {
  let calls = 0;
  const end = outboxOf(store).onMessage(() => {
    calls++;
  });
  await leave(store, "a", 0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expectEqual("calls", calls, 1);
  end();
  await leave(store, "a", 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expectEqual("calls after the end", calls, 1);
}
