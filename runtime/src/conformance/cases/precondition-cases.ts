import { isPotterError } from "../../errors/index.js";
import { maxTextBytes } from "../../store/checks/index.js";
import type { EventStore, RecordedEvent } from "../../store/ports/index.js";
import { ExpectationError, expectEqual } from "../../testing/expectations/index.js";
import { at, commandOf, streamOf, textsOf } from "./append-requests.js";
import { type ConformanceCase, defineCase, type OpenStore, type StoreUnderTest } from "./conformance-case.js";
import { write } from "./row-steps.js";
import { note, noted, rowCodec, tableOf } from "./test-messages.js";

const context = { correlationId: "c", causationId: "k", metadata: {} };
const wrongNumbers = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];

/** Arguments that every store refuses with `invalid_argument`, before it does anything. */
export function preconditionCases(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (events: EventStore, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(under.store.events, under));
  return [
    on("refuses an append that names a stream twice, and leaves the stream as it was", refusesTwice),
    on("refuses versions, positions and limits that are not whole numbers", refusesNumbers),
    on("refuses texts that are too long or not well-formed, and accepts the longest", refusesTexts),
    on("refuses ids of events that are not UUIDs", refusesIds),
    on("refuses an event that is too large, and no other append", refusesLarge),
  ];
}

/** Fails unless the work rejects with `invalid_argument`. */
export async function expectInvalid(what: string, work: () => Promise<unknown>): Promise<void> {
  const thrown = await new Promise((resolve) => resolve(work())).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in thrown && isPotterError(thrown.error) && thrown.error.code === "invalid_argument") return;
  const found = "error" in thrown ? String(thrown.error) : thrown.value;
  throw new ExpectationError(`expected invalid_argument for ${what}`, found, "invalid_argument");
}

/** Text that hardly compresses. */
function textOfBytes(length: number): string {
  let text = "";
  for (let seed = 7; text.length < length; ) {
    seed = (seed * 48_271) % 2_147_483_647;
    text += seed.toString(36);
  }
  return text.slice(0, length);
}

async function refusesTwice(events: EventStore): Promise<void> {
  await expectInvalid("a new stream", () =>
    events.appendToStreams({ ...context, appends: [at("x", 0, ["one"]), at("x", 1, ["two"])] }),
  );
  await events.append(at("x", 0, ["one", "two", "three"]));
  for (const versions of [
    [3, 3],
    [3, 4],
  ] as const) {
    const appends = versions.map((version) => at("x", version, [`at ${version}`]));
    const command = commandOf("twice");
    await expectInvalid(`the versions ${versions}`, () => events.appendToStreams({ ...context, appends, command }));
  }
  expectEqual("the stream", await textsOf(events, streamOf("x")), ["one", "two", "three"]);
  expectEqual("the next append", (await events.append(at("x", 3, ["four"]))).kind, "appended");
  expectEqual("the command", await events.findCommand("t", "twice"), undefined);
  const elsewhere = at("y", 0, ["one"], { stream: { ...streamOf("y"), tenant: "other" } });
  await expectInvalid("two tenants", () =>
    events.appendToStreams({ ...context, appends: [at("z", 0, ["one"]), elsewhere] }),
  );
  await expectInvalid("no stream at all", () => events.appendToStreams({ ...context, appends: [] }));
}

async function refusesNumbers(events: EventStore): Promise<void> {
  await events.append(at("a", 0, ["one"]));
  const stream = streamOf("a");
  for (const wrong of wrongNumbers) {
    await expectInvalid(`expectedVersion ${wrong}`, () => events.append(at("a", wrong, ["x"])));
    await expectInvalid(`expectedVersion ${wrong} with a command`, () =>
      events.append(at("a", wrong, [], { command: commandOf("c") })),
    );
    await expectInvalid(`expectedVersion ${wrong} of several`, () =>
      events.appendToStreams({ ...context, appends: [at("b", 0, ["x"]), at("a", wrong, ["x"])] }),
    );
    // Concurrent appends take another code path than a single one.
    const many = await Promise.allSettled([
      ...[1, 2, 3].map((i) => events.append(at(`other ${wrong} ${i}`, 0, ["x"]))),
      events.append(at("a", wrong, ["x"])),
    ]);
    expectEqual(
      "the concurrent appends",
      many.map(({ status }) => status),
      ["fulfilled", "fulfilled", "fulfilled", "rejected"],
    );
    await expectInvalid(`close at ${wrong}`, () => events.closeStream(stream, wrong));
    await expectInvalid(`archive up to ${wrong}`, () => events.archiveEvents(stream, wrong));
    await expectInvalid(`readAll after ${wrong}`, () => events.readAll(wrong, 1));
    await expectInvalid(`readAll of ${wrong}`, () => events.readAll(0, wrong));
    await expectInvalid(`readStream after ${wrong}`, () => events.readStream(stream, { after: wrong }));
    await expectInvalid(`load after ${wrong}`, () => events.loadStream(stream, { after: wrong }));
    await expectInvalid(`streams of ${wrong}`, () => events.listStreams({ limit: wrong }));
    const state = new Uint8Array();
    await expectInvalid(`a snapshot of version ${wrong}`, () =>
      events.saveSnapshot(stream, { version: wrong, stateVersion: 1, state }),
    );
    await expectInvalid(`a snapshot of shape ${wrong}`, () =>
      events.saveSnapshot(stream, { version: 1, stateVersion: wrong, state }),
    );
  }
  // No stream has that version, not even one that is closed.
  await events.closeStream(streamOf("closed"), 0);
  for (const stream of [streamOf("a"), streamOf("closed")]) {
    const last = Number.MAX_SAFE_INTEGER;
    await expectInvalid("no event after the last version", () => events.append(at(stream.id, last, [])));
    await expectInvalid("an event of the last version", () => events.append(at(stream.id, last - 1, ["x"])));
    await expectInvalid("a condition on the last version", () =>
      events.appendToStreams({ ...context, appends: [at("b", 0, ["x"]), at(stream.id, last, [])] }),
    );
    await expectInvalid("close at the last version", () => events.closeStream(stream, last));
  }
  const [event] = (await events.readStream(stream)) as readonly [RecordedEvent];
  await expectInvalid("an import of version 0", () => events.importEvents([{ ...event, version: 0 }]));
  expectEqual("the stream", await textsOf(events, stream), ["one"]);
}

async function refusesTexts(events: EventStore, { store }: StoreUnderTest): Promise<void> {
  const long = (most: number) => textOfBytes(most + 1);
  const { tenant, type, id, commandId, indexName, uniqueValue, rowKey } = maxTextBytes;
  const wrong = (name: "tenant" | "type" | "id", text: string) => ({ ...streamOf("a"), [name]: text });
  for (const [name, most] of [["tenant", tenant] as const, ["type", type] as const, ["id", id] as const]) {
    for (const text of [long(most), "\u00fc".repeat(most / 2 + 1), "half \ud800"]) {
      const stream = wrong(name, text);
      await expectInvalid(`${name} of a stream`, () => events.append(at("", 0, ["x"], { stream })));
      await expectInvalid(`${name} of a stream to load`, () => events.loadStream(stream));
      await expectInvalid(`${name} of a stream to close`, () => events.closeStream(stream, 0));
    }
  }
  for (const text of [long(commandId), "half \udfff"]) {
    const command = commandOf(text);
    await expectInvalid("a command id", () => events.append(at("a", 0, ["x"], { command })));
    await expectInvalid("a command id alone", () => events.recordCommand("t", command));
    await expectInvalid("a command id to find", () => events.findCommand("t", text));
    await expectInvalid("a correlation id", () => events.append(at("a", 0, ["x"], { correlationId: text })));
    await expectInvalid("metadata", () => events.append(at("a", 0, ["x"], { metadata: { a: text.repeat(80) } })));
  }
  for (const change of [
    { index: "email", value: long(uniqueValue) },
    { index: long(indexName), value: "x" },
  ]) {
    const uniqueValues = [{ ...change, action: "reserve" as const }];
    await expectInvalid("a unique value", () => events.append(at("a", 0, ["x"], { uniqueValues })));
  }
  await expectInvalid("the key of a row", () =>
    write(store, (rows) => rows.put(tableOf(), "t", long(rowKey), rowCodec.create({ id: "x" }))),
  );
  // The longest of all texts in one append.
  const stream = { tenant: textOfBytes(tenant), type: textOfBytes(type), id: textOfBytes(id) };
  const uniqueValues = [{ index: textOfBytes(indexName), value: textOfBytes(uniqueValue), action: "reserve" as const }];
  const command = commandOf(textOfBytes(commandId));
  const longest = await events.append(at("", 0, ["x"], { stream, uniqueValues, command }));
  expectEqual("the longest texts", longest.kind, "appended");
  await events.saveSnapshot(stream, { version: 1, stateVersion: 1, state: new Uint8Array([1]) });
  const key = textOfBytes(rowKey);
  await write(store, (rows) => rows.put(tableOf(), stream.tenant, key, rowCodec.create({ id: "x" })));
  expectEqual("the first stream", await textsOf(events, streamOf("a")), []);
}

async function refusesIds(events: EventStore): Promise<void> {
  for (const id of ["", "1", "not-a-uuid", "0192f0c1-7b5a-7c3e-8d1f-0123456789zz"]) {
    const one = { ...note("x"), id };
    await expectInvalid(`the id ${id}`, () => events.append(at("a", 0, [], { events: [one] })));
    await expectInvalid(`the id ${id} of two`, () => events.append(at("a", 0, [], { events: [note("x"), one] })));
  }
  expectEqual("the stream", await textsOf(events, streamOf("a")), []);
}

async function refusesLarge(events: EventStore): Promise<void> {
  const limit = 1024 * 1024;
  const sized = (bytes: number) => {
    const data = noted.codec.create({ text: "x".repeat(bytes) });
    return { ...note(""), data, bytes: noted.codec.encode(data) };
  };
  await expectInvalid("a large event", () => events.append(at("a", 0, [], { events: [sized(limit + 1)] })));
  await expectInvalid("a large one of several", () =>
    events.appendToStreams({
      ...context,
      appends: [at("b", 0, ["x"]), at("a", 0, [], { events: [sized(limit + 1)] })],
    }),
  );
  const burst = await Promise.allSettled(
    Array.from({ length: 30 }, (_, i) => {
      const wanted = i % 3 === 0 ? [sized(limit * 0.75)] : i % 3 === 1 ? [sized(limit + 1)] : [note("small")];
      return events.append(at(`burst ${i}`, 0, [], { events: wanted }));
    }),
  );
  expectEqual(
    "a burst",
    burst.map((result) => (result.status === "fulfilled" ? result.value.kind : "refused")),
    burst.map((_, i) => (i % 3 === 1 ? "refused" : "appended")),
  );
  expectEqual("the streams", [await textsOf(events, streamOf("a")), await textsOf(events, streamOf("b"))], [[], []]);
}
