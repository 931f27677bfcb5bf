import { maxTextBytes } from "../store/checks/index.js";
import type { SubjectId, SubjectKey, SubjectKeyStore } from "../store/ports/index.js";
import { ExpectationError, expectEqual } from "../testing/expectations/index.js";
import {
  at,
  type ConformanceCase,
  defineCase,
  expectInvalid,
  type OpenStore,
  type StoreUnderTest,
  streamOf,
  textOf,
} from "./cases/index.js";

/** Returns the cases of the subject key port, for any test runner: `for (const c of cases) it(c.name, c.run)`. */
export function subjectKeysConformance(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (keys: SubjectKeyStore, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(keysOf(under.store), under));
  return [
    on("keeps one key for each subject and tenant", keepsOne),
    on("returns the same key to all concurrent callers", makesOne),
    on("deletes the key of an erased subject and creates no other", erases),
    on("creates another key for a readmitted subject", readmits),
    on("lists subjects that have a key, page by page", lists),
    on("replaces the wrapping of a key, unless the key is gone or changed", rewraps),
    on("keeps subjects of any text apart", keepsText),
    on("creates keys together with an append, or does neither", createsWithAppend),
    on("creates one key if several appends create it at once", createsOneWithAppends),
    on("refuses subjects that are too long or not well-formed", refusesTexts),
  ];
}

const ada: SubjectId = { tenant: "t", subject: "ada" };
const wrapped = (byte: number, wrappedBy = "") => ({ key: new Uint8Array([byte, 0, 255]), wrappedBy });
const print = (known: SubjectKey | undefined) =>
  known && [known.generation, known.wrapped && [[...known.wrapped.key], known.wrapped.wrappedBy], known.erased];

async function keepsOne(keys: SubjectKeyStore, under: StoreUnderTest): Promise<void> {
  expectEqual("an unknown subject", await keys.find([ada]), [undefined]);
  expectEqual("no subjects", await keys.find([]), []);
  expectEqual("the first key", print(await keys.create(ada, wrapped(1, "w"))), [1, [[1, 0, 255], "w"], false]);
  expectEqual("a second for the same", print(await keys.create(ada, wrapped(2))), [1, [[1, 0, 255], "w"], false]);
  const other = { ...ada, tenant: "u" };
  expectEqual("one for another tenant", print(await keys.create(other, wrapped(3))), [1, [[3, 0, 255], ""], false]);
  const found = await keysOf(await under.peer()).find([other, { ...ada, subject: "nobody" }, ada, other]);
  expectEqual("what another process finds", found.map(print), [
    [1, [[3, 0, 255], ""], false],
    undefined,
    [1, [[1, 0, 255], "w"], false],
    [1, [[3, 0, 255], ""], false],
  ]);
}

async function makesOne(keys: SubjectKeyStore, under: StoreUnderTest): Promise<void> {
  const all = [keys, keysOf(await under.peer()), keysOf(await under.peer())];
  for (let round = 0; round < 5; round++) {
    const subject = { tenant: "t", subject: `s${round}` };
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (all[i % 3] as SubjectKeyStore).create(subject, wrapped(i))),
    );
    expectEqual("the different keys", new Set(made.map((key) => JSON.stringify(print(key)))).size, 1);
    expectEqual("the key that is kept", print((await keys.find([subject]))[0]), print(made[0]));
  }
}

async function erases(keys: SubjectKeyStore): Promise<void> {
  await keys.create(ada, wrapped(1));
  await keys.create({ ...ada, tenant: "u" }, wrapped(2));
  expectEqual("whether there was a key", await keys.erase(ada), true);
  expectEqual("whether there was one the second time", await keys.erase(ada), false);
  expectEqual("what is found", print((await keys.find([ada]))[0]), [1, undefined, true]);
  expectEqual("a new key", print(await keys.create(ada, wrapped(3))), [1, undefined, true]);
  expectEqual("the other tenant's", print((await keys.find([{ ...ada, tenant: "u" }]))[0]), [
    1,
    [[2, 0, 255], ""],
    false,
  ]);
  const unknown = { tenant: "t", subject: "unknown" };
  expectEqual("whether one who was not known had a key", await keys.erase(unknown), false);
  expectEqual("a key of an erased subject", print(await keys.create(unknown, wrapped(4))), [1, undefined, true]);
}

async function readmits(keys: SubjectKeyStore): Promise<void> {
  expectEqual("whether an unknown subject was erased", await keys.readmit(ada), false);
  await keys.create(ada, wrapped(1));
  expectEqual("whether a known subject was erased", await keys.readmit(ada), false);
  await keys.erase(ada);
  expectEqual("whether an erased subject was erased", await keys.readmit(ada), true);
  expectEqual("what is found", print((await keys.find([ada]))[0]), [2, undefined, false]);
  expectEqual("the new key", print(await keys.create(ada, wrapped(2))), [2, [[2, 0, 255], ""], false]);
}

async function lists(keys: SubjectKeyStore): Promise<void> {
  const subjects = Array.from({ length: 7 }, (_, i) => ({ tenant: `t${i % 2}`, subject: `s${i}` }));
  for (const [i, subject] of subjects.entries()) await keys.create(subject, wrapped(i));
  await keys.erase(subjects[3] as SubjectId);
  const names: string[] = [];
  let after: SubjectId | undefined;
  for (;;) {
    const page: readonly (SubjectId & SubjectKey)[] = await keys.list(after, 2);
    if (page.length === 0) break;
    names.push(...page.map(({ tenant, subject, wrapped: key }) => `${tenant} ${subject} ${key?.key[0]}`));
    after = page.at(-1);
  }
  expectEqual("those who have a key", names.sort(), ["t0 s0 0", "t0 s2 2", "t0 s4 4", "t0 s6 6", "t1 s1 1", "t1 s5 5"]);
}

async function rewraps(keys: SubjectKeyStore): Promise<void> {
  await keys.create(ada, wrapped(1));
  expectEqual("from another", await keys.rewrap(ada, { generation: 1, wrappedBy: "x" }, wrapped(9, "w")), false);
  expectEqual(
    "of another generation",
    await keys.rewrap(ada, { generation: 2, wrappedBy: "" }, wrapped(9, "w")),
    false,
  );
  expectEqual("from this one", await keys.rewrap(ada, { generation: 1, wrappedBy: "" }, wrapped(2, "w")), true);
  expectEqual("what is found", print((await keys.find([ada]))[0]), [1, [[2, 0, 255], "w"], false]);
  await keys.erase(ada);
  for (const wrappedBy of ["", "w"]) {
    expectEqual("what has gone", await keys.rewrap(ada, { generation: 1, wrappedBy }, wrapped(3)), false);
  }
}

async function keepsText(keys: SubjectKeyStore): Promise<void> {
  const texts = ["", "\0", "\u0001", "a\0b", "'; --", '["', "\u{1f600}", "\uffff", "__proto__", "x".repeat(500)];
  const subjects = texts.flatMap((subject) => [
    { tenant: subject, subject },
    { tenant: "", subject: `${subject}1` },
  ]);
  for (const [i, subject] of subjects.entries()) await keys.create(subject, wrapped(i));
  const found = await keys.find(subjects);
  expectEqual(
    "the keys",
    found.map((key) => key?.wrapped?.key[0]),
    subjects.map((_, i) => i),
  );
}

function keysOf({ keys }: StoreUnderTest["store"]): SubjectKeyStore {
  if (keys === undefined) throw new ExpectationError("expected a store with keys of subjects", undefined, "keys");
  return keys;
}

async function refusesTexts(keys: SubjectKeyStore): Promise<void> {
  const { id, tenant } = maxTextBytes;
  for (const subject of [
    { tenant: "t", subject: "s".repeat(id + 1) },
    { tenant: "t".repeat(tenant + 1), subject: "s" },
    { tenant: "t", subject: "half \ud800" },
  ]) {
    await expectInvalid("a key for it", () => keys.create(subject, wrapped(1)));
    await expectInvalid("its erasure", () => keys.erase(subject));
    await expectInvalid("another key for it", () => keys.readmit(subject));
  }
}

async function createsWithAppend(keys: SubjectKeyStore, under: StoreUnderTest): Promise<void> {
  const { events } = under.store;
  if (events.appendWithKeys === undefined) return;
  const own = (subject: string): SubjectId => ({ tenant: "", subject });
  const begin = async (stream: string, subject: string, byte: number) =>
    (await events.appendWithKeys?.(at(stream, 0, [stream]), [{ ...own(subject), wrapped: wrapped(byte) }]))?.kind;
  const peer = await under.peer();
  const found = async (...subjects: string[]) => (await keysOf(peer).find(subjects.map(own))).map(print);
  const texts = async (stream: string) => (await peer.events.readStream(streamOf(stream))).map(textOf);

  expectEqual("a new stream of a new subject", await begin("a", "a", 1), "appended");
  expectEqual("its key", await found("a"), [[1, [[1, 0, 255], ""], false]]);
  expectEqual("its events", await texts("a"), ["a"]);
  expectEqual("a stream that exists", await begin("a", "b", 2), undefined);
  expectEqual("the key that was to be created with it", await found("b"), [undefined]);
  expectEqual("a subject that has a key", await begin("c", "a", 3), undefined);
  expectEqual("its key afterwards", await found("a"), [[1, [[1, 0, 255], ""], false]]);
  await keys.erase(own("d"));
  expectEqual("an erased subject", await begin("d", "d", 4), undefined);
  expectEqual("its key", await found("d"), [[1, undefined, true]]);
  expectEqual("the events of the others", [await texts("a"), await texts("c"), await texts("d")], [["a"], [], []]);

  const many = Array.from({ length: 20 }, (_, i) => `m${i}`);
  await keys.create(own("m7"), wrapped(5));
  const results = await Promise.all(many.map((stream) => begin(stream, stream, 6)));
  const expected = many.map((stream) => (stream === "m7" ? undefined : "appended"));
  expectEqual("many at once, one of which has a key", results, expected);
}

async function createsOneWithAppends(_: SubjectKeyStore, under: StoreUnderTest): Promise<void> {
  const stores = [under.store, await under.peer(), await under.peer()];
  if (under.store.events.appendWithKeys === undefined) return;
  for (let round = 0; round < 5; round++) {
    const subject = { tenant: "", subject: `s${round}` };
    const results = await Promise.all(
      Array.from({ length: 9 }, (_, i) =>
        stores[i % 3]?.events.appendWithKeys?.(at(`${round}-${i}`, 0, ["x"]), [{ ...subject, wrapped: wrapped(i) }]),
      ),
    );
    const winners = results.flatMap((result, i) => (result?.kind === "appended" ? [i] : []));
    expectEqual("the number of appends that created the key", winners.length, 1);
    const [found] = await keysOf(under.store).find([subject]);
    expectEqual("the key", print(found), [1, [[winners[0], 0, 255], ""], false]);
    const counts = results.map(async (_, i) => (await under.store.events.readStream(streamOf(`${round}-${i}`))).length);
    expectEqual(
      "the events",
      await Promise.all(counts),
      results.map((result) => (result === undefined ? 0 : 1)),
    );
  }
}
