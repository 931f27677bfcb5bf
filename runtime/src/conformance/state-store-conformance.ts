import type {
  ApplyInline,
  StateStore,
  StateWrite,
  StateWriteResult,
  Store,
  UniqueValueChange,
} from "../store/ports/index.js";
import { expectEqual, expectTrue } from "../testing/expectations/index.js";
import {
  type ConformanceCase,
  commandOf,
  defineCase,
  expectInvalid,
  note,
  noted,
  type OpenStore,
  rowCodec,
  type StoreUnderTest,
  streamOf,
  type TestRow,
  tableOf,
} from "./cases/index.js";

/** Returns the cases of the state store port, with outbox, commands and rows: `for (const c of cases) it(c.name, c.run)`. */
export function stateStoreConformance(open: OpenStore): readonly ConformanceCase[] {
  return [
    defineCase(open, "keeps the newest state and the number of its events", keepsNewest),
    defineCase(open, "refuses a write for a version that is not the present one", refusesOthers),
    defineCase(open, "lets one of many writers through", letsOneThrough),
    defineCase(open, "carries a command out once, however often it comes", carriesOutOnce),
    defineCase(open, "records a command that changed nothing", recordsCommand),
    defineCase(open, "shares commands with the store of events", sharesCommands),
    defineCase(open, "reserves a value for one state, until it is released", holdsValues),
    defineCase(open, "undoes everything when a value is taken", undoesClaimed),
    defineCase(open, "applies inline projections in the same transaction", appliesInline),
    defineCase(open, "undoes everything when an inline projection fails", undoesInline),
    defineCase(open, "refuses what no store can keep", refusesInvalid),
    defineCase(open, "adds events to the outbox only if requested", leavesMessages),
  ];
}

const bytes = (text: string) => new TextEncoder().encode(text);
const table = tableOf();

function write(id: string, expectedVersion: number, texts: readonly string[], more: Partial<StateWrite> = {}) {
  return {
    stream: streamOf(id),
    expectedVersion,
    events: texts.map(note),
    correlationId: "c",
    causationId: "k",
    metadata: { a: "b" },
    state: { stateVersion: 1, bytes: bytes(`after ${texts.at(-1)}`) },
    outbox: true,
    ...more,
  };
}

function statesOf({ name, states }: Store): StateStore {
  if (states === undefined) throw new Error(`the store ${name} has no states`);
  return states;
}

async function textOfState(store: Store, id: string): Promise<unknown> {
  const found = await statesOf(store).load(streamOf(id));
  return found && [found.version, found.stateVersion, new TextDecoder().decode(found.bytes)];
}

async function messagesOf({ outbox }: Store): Promise<readonly string[]> {
  const messages = (await outbox?.next(1000, [])) ?? [];
  return messages.map(({ stream, version, bytes: data }) => {
    const { text } = noted.codec.decode(data) as { text: string };
    return `${stream.id}${version} ${text}`;
  });
}

const kindsOf = (results: readonly StateWriteResult[]) => results.map(({ kind }) => kind).sort();

async function keepsNewest({ store, peer }: StoreUnderTest): Promise<void> {
  const states = statesOf(store);
  expectEqual("a state that is not there", await states.load(streamOf("a")), undefined);
  const first = await states.write(write("a", 0, ["one", "two"]));
  expectEqual("the first answer", first, { kind: "appended", version: 2, position: 0 });
  const state = { stateVersion: 7, bytes: new Uint8Array() };
  await states.write(write("a", 2, ["three"], { state }));
  const other = await peer();
  expectEqual("the state", await textOfState(other, "a"), [3, 7, ""]);
  await statesOf(other).write(write("a", 0, ["x"], { stream: { ...streamOf("a"), tenant: "u" } }));
  await statesOf(other).write(write("a", 0, ["x"], { stream: { ...streamOf("a"), type: "Other" } }));
  expectEqual("the state of this stream", await textOfState(store, "a"), [3, 7, ""]);
}

async function refusesOthers({ store }: StoreUnderTest): Promise<void> {
  const states = statesOf(store);
  expectEqual("a state that must be there", await states.write(write("a", 1, ["x"])), {
    kind: "conflict",
    actualVersion: 0,
    stream: streamOf("a"),
  });
  await states.write(write("a", 0, ["one", "two"]));
  for (const version of [0, 1, 3]) {
    const result = await states.write(write("a", version, ["x"], { command: commandOf("c1") }));
    expectEqual(`version ${version}`, result, { kind: "conflict", actualVersion: 2, stream: streamOf("a") });
  }
  expectEqual("the command of what was refused", await store.events.findCommand("t", "c1"), undefined);
  expectEqual("the state", await textOfState(store, "a"), [2, 1, "after two"]);
  expectEqual("the messages", await messagesOf(store), ["a1 one", "a2 two"]);
}

async function letsOneThrough({ store, peer }: StoreUnderTest): Promise<void> {
  const stores = [store, await peer()];
  for (const version of [0, 1, 2]) {
    const writes = Array.from({ length: 12 }, (_, i) =>
      statesOf(stores[i % 2] as Store).write(write("a", version, [`${version}`])),
    );
    const expected = ["appended", ...Array.from({ length: 11 }, () => "conflict")];
    expectEqual(`answers at version ${version}`, kindsOf(await Promise.all(writes)), expected);
  }
  expectEqual("the messages", await messagesOf(store), ["a1 0", "a2 1", "a3 2"]);
}

async function carriesOutOnce({ store, peer }: StoreUnderTest): Promise<void> {
  const stores = [store, await peer()];
  const command = commandOf("c1");
  const writes = Array.from({ length: 8 }, (_, i) =>
    statesOf(stores[i % 2] as Store).write(write("a", 0, ["one"], { command })),
  );
  const kinds = kindsOf(await Promise.all(writes));
  expectEqual("answers", kinds, ["appended", ...Array.from({ length: 7 }, () => "duplicate")]);
  await statesOf(store).write(write("a", 1, ["two"]));
  const again = await statesOf(store).write(write("a", 2, ["x"], { command }));
  expectEqual("the answer", "response" in again && [[...again.response], again.version], [[0, 1, 255], 1]);
  const mismatch = await statesOf(store).write(write("b", 0, ["x"], { command: commandOf("c1", "other") }));
  expectEqual("another request", mismatch, { kind: "command_mismatch" });
  expectEqual("the other state", await textOfState(store, "b"), undefined);
}

async function recordsCommand({ store }: StoreUnderTest): Promise<void> {
  const states = statesOf(store);
  const command = commandOf("c1");
  const answer = { kind: "appended", version: 0, position: 0 };
  expectEqual("the answer", await states.write(write("a", 0, [], { command })), answer);
  expectEqual("the state", await textOfState(store, "a"), undefined);
  expectEqual("again", (await states.write(write("a", 0, ["x"], { command }))).kind, "duplicate");
  await states.write(write("a", 0, ["one"]));
  const empty = await states.write(write("a", 1, [], { state: { stateVersion: 9, bytes: bytes("other") } }));
  expectEqual("the answer at version 1", empty, { kind: "appended", version: 1, position: 0 });
  expectEqual("the state stays", await textOfState(store, "a"), [1, 1, "after one"]);
  expectEqual("at another version", (await states.write(write("a", 0, []))).kind, "conflict");
}

async function sharesCommands({ store }: StoreUnderTest): Promise<void> {
  await statesOf(store).write(write("a", 0, ["one"], { command: commandOf("c1") }));
  const found = await store.events.findCommand("t", "c1");
  expectEqual("the command", found && [found.requestHash, [...found.response], found.version], [
    "hash",
    [0, 1, 255],
    1,
  ]);
  await store.events.recordCommand("t", commandOf("c2"));
  const result = await statesOf(store).write(write("a", 1, ["x"], { command: commandOf("c2") }));
  expectEqual("a command of others", result.kind, "duplicate");
}

const reserve = (value: string): UniqueValueChange => ({ index: "email", value, action: "reserve" });
const release = (value: string): UniqueValueChange => ({ index: "email", value, action: "release" });

async function holdsValues({ store, peer }: StoreUnderTest): Promise<void> {
  const states = statesOf(store);
  const uniqueValues = (...changes: UniqueValueChange[]) => ({ uniqueValues: changes });
  await states.write(write("a", 0, ["one"], uniqueValues(reserve("x"))));
  const taken = { kind: "value_taken", index: "email", value: "x" };
  expectEqual(
    "of another",
    await statesOf(await peer()).write(write("b", 0, ["x"], uniqueValues(reserve("x")))),
    taken,
  );
  expectEqual("once more", (await states.write(write("a", 1, ["two"], uniqueValues(reserve("x"))))).kind, "appended");
  await states.write(write("b", 0, ["one"], uniqueValues(release("x"), reserve("y"))));
  expectEqual("not released by others", await states.write(write("c", 0, ["x"], uniqueValues(reserve("x")))), taken);
  await states.write(write("a", 2, ["three"], uniqueValues(release("x"), reserve("z"))));
  expectEqual("released", (await states.write(write("c", 0, ["one"], uniqueValues(reserve("x"))))).kind, "appended");
  const rivals = Array.from({ length: 6 }, (_, i) =>
    states.write(write(`r${i}`, 0, ["one"], uniqueValues(reserve("r")))),
  );
  const expected = ["appended", ...Array.from({ length: 5 }, () => "value_taken")];
  expectEqual("rivals", kindsOf(await Promise.all(rivals)), expected);
}

async function undoesClaimed({ store }: StoreUnderTest): Promise<void> {
  const states = statesOf(store);
  await states.write(write("a", 0, ["one"], { uniqueValues: [reserve("x")] }));
  const more = { uniqueValues: [reserve("free"), reserve("x")], command: commandOf("c1") };
  expectEqual("a new state", (await states.write(write("b", 0, ["x"], more))).kind, "value_taken");
  expectEqual("there is none", await textOfState(store, "b"), undefined);
  expectEqual("nor the command", await store.events.findCommand("t", "c1"), undefined);
  expectEqual(
    "the free value",
    (await states.write(write("b", 0, ["one"], { uniqueValues: [reserve("free")] }))).kind,
    "appended",
  );
  const changed = await states.write(write("b", 1, ["x"], { uniqueValues: [release("free"), reserve("x")] }));
  expectEqual("a change", changed.kind, "value_taken");
  expectEqual("it stays", await textOfState(store, "b"), [1, 1, "after one"]);
  const other = await states.write(write("c", 0, ["x"], { uniqueValues: [reserve("free")] }));
  expectEqual("the value stays reserved", other.kind, "value_taken");
  expectEqual("the messages", await messagesOf(store), ["a1 one", "b1 one"]);
}

async function appliesInline({ store, peer }: StoreUnderTest): Promise<void> {
  const stores = [store, await peer()];
  const count: ApplyInline = async (events, rows) => {
    const found = (await rows.get(table, "t", "sum")) as TestRow | undefined;
    await new Promise((resolve) => setTimeout(resolve, 1));
    const amount = (found?.amount ?? 0n) + BigInt(events.length);
    await rows.put(table, "t", "sum", rowCodec.create({ id: "sum", amount }));
    expectEqual("the event", [events[0]?.position, events[0]?.version, events[0]?.metadata], [0, 1, { a: "b" }]);
  };
  const writes = Array.from({ length: 12 }, (_, i) =>
    statesOf(stores[i % 2] as Store).write(write(`s${i}`, 0, ["one", "two"], { inline: count })),
  );
  expectEqual("the answers", [...new Set(kindsOf(await Promise.all(writes)))], ["appended"]);
  const sum = (await store.rows.get(table, "t", "sum")) as TestRow | undefined;
  expectEqual("the sum", Number(sum?.amount), 24);
  let calls = 0;
  const called: ApplyInline = async () => {
    calls++;
  };
  await statesOf(store).write(write("s0", 0, ["x"], { inline: called }));
  expectEqual("calls for a conflict", calls, 0);
  await statesOf(store).write(write("s0", 2, [], { inline: called }));
  expectEqual("calls without events", calls, 1);
}

async function undoesInline({ store }: StoreUnderTest): Promise<void> {
  const states = statesOf(store);
  const failure = new Error("on purpose");
  const inline: ApplyInline = async (_, rows) => {
    await rows.put(table, "t", "a", rowCodec.create({ id: "a" }));
    throw failure;
  };
  const more = { inline, command: commandOf("c1"), uniqueValues: [reserve("x")] };
  const thrown = await states.write(write("a", 0, ["one"], more)).then(
    () => undefined,
    (error: unknown) => error,
  );
  expectTrue(thrown === failure, "expected the error of the inline change", String(thrown));
  const left = [
    await textOfState(store, "a"),
    await store.events.findCommand("t", "c1"),
    await store.rows.get(table, "t", "a"),
  ];
  expectEqual("what is left", left, [undefined, undefined, undefined]);
  expectEqual("the messages", await messagesOf(store), []);
  expectEqual(
    "the value",
    (await states.write(write("b", 0, ["one"], { uniqueValues: [reserve("x")] }))).kind,
    "appended",
  );
}

async function leavesMessages({ store }: StoreUnderTest): Promise<void> {
  await statesOf(store).write(write("a", 0, ["one"], { outbox: false }));
  expectEqual("none", await messagesOf(store), []);
  await statesOf(store).write(write("a", 1, ["two", "three\0"]));
  expectEqual("the messages", await messagesOf(store), ["a2 two", "a3 three\0"]);
  const [message] = (await store.outbox?.next(1, [])) ?? [];
  const { position: _, id: __, at: ___, bytes: ____, ...rest } = message ?? {};
  expectEqual("all of a message", rest, {
    stream: streamOf("a"),
    version: 2,
    type: noted.type,
    schemaVersion: noted.version,
    correlationId: "c",
    causationId: "k",
    metadata: { a: "b" },
  });
}

async function refusesInvalid({ store }: StoreUnderTest): Promise<void> {
  const states = statesOf(store);
  for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53]) {
    await expectInvalid(`expectedVersion ${wrong}`, () => states.write(write("a", wrong, ["x"])));
    const state = { stateVersion: wrong, bytes: bytes("x") };
    await expectInvalid(`the shape ${wrong}`, () => states.write(write("a", 0, ["x"], { state })));
  }
  await expectInvalid("a long id", () => states.write(write("a".repeat(2000), 0, ["x"])));
  await expectInvalid("a long id to load", () => states.load(streamOf("a".repeat(2000))));
  const command = commandOf("c".repeat(2000));
  await expectInvalid("a long command id", () => states.write(write("a", 0, ["x"], { command })));
  const large = { ...note("x"), data: noted.codec.create({ text: "x".repeat(1024 * 1024) }) };
  await expectInvalid("a large event", () => states.write(write("a", 0, ["x"], { events: [large] })));
  expectEqual("the state", await textOfState(store, "a"), undefined);
  expectEqual("the outbox", await messagesOf(store), []);
}
