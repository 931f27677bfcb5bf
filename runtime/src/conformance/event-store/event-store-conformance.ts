import type { EventStore, StreamId } from "../../store/ports/index.js";
import { expectEqual, expectTrue } from "../../testing/expectations/index.js";
import {
  at,
  type ConformanceCase,
  commandOf,
  defineCase,
  noted,
  type OpenStore,
  preconditionCases,
  type StoreUnderTest,
  streamOf,
  textOf,
  textsOf,
} from "../cases/index.js";
import { appendCases } from "./append-cases.js";
import { commandCases } from "./command-cases.js";
import { inlineCases } from "./inline-cases.js";
import { keepsSnapshots } from "./load-cases.js";
import { portPreconditionCases } from "./port-precondition-cases.js";
import { expectNothingLost, runReadAllStress, type StressOptions } from "./read-all-stress.js";
import { readingCases } from "./reading-cases.js";
import { sequenceCases } from "./sequence-cases.js";

/** Options of the suite of event stores. */
export interface EventStoreConformanceOptions {
  /** Size of the stress test of `readAll`. */
  readonly stress?: StressOptions;
}

/** Returns the cases of the event store port, for any test runner: `for (const c of cases) it(c.name, c.run)`. */
export function eventStoreConformance(
  open: OpenStore,
  options: EventStoreConformanceOptions = {},
): readonly ConformanceCase[] {
  const on = (name: string, test: (events: EventStore, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(under.store.events, under));
  return [
    on("returns the events that were appended", readsBack),
    on("reads a stream from a version on", readsFromVersion),
    on("returns a conflict for an append at another version", answersConflict),
    on("writes nothing after a conflict", writesNothingAtConflict),
    on("appends many and large events in one", appendsMany),
    on("lets one of several concurrent appenders win each version", letsOneWin),
    on("keeps tenants and types apart", keepsApart),
    on("keeps any text", keepsText),
    on("reads all streams in order of position", readsAll),
    on("keeps the newest snapshot of each state version", keepsSnapshots),
    on("calls listeners after an append", callsListeners),
    ...appendCases(open),
    ...readingCases(open),
    ...commandCases(open),
    ...inlineCases(open),
    ...preconditionCases(open),
    ...portPreconditionCases(open),
    ...sequenceCases(open),
    defineCase(open, "loses, repeats and reorders nothing while writers delay and abort", async (under) => {
      expectNothingLost(await runReadAllStress(under, options.stress));
    }),
  ];
}

async function readsBack(events: EventStore, under: StoreUnderTest): Promise<void> {
  const began = Date.now();
  const metadata = { user: "u1", note: "a b" };
  const request = at("a", 0, ["one", "two"], { correlationId: "corr", causationId: "cause", metadata });
  const result = await events.append(request);
  expectEqual("the answer", [result.kind, "version" in result && result.version], ["appended", 2]);
  const peer = await under.peer();
  const recorded = await peer.events.readStream(streamOf("a"));
  expectEqual("the texts", recorded.map(textOf), ["one", "two"]);
  expectEqual(
    "the versions",
    recorded.map(({ version }) => version),
    [1, 2],
  );
  expectEqual(
    "the ids",
    recorded.map(({ id }) => id),
    request.events.map(({ id }) => id),
  );
  expectEqual("the last position", recorded.at(-1)?.position, result.kind === "appended" && result.position);
  for (const event of recorded) {
    const { stream, type, schemaVersion, correlationId, causationId } = event;
    const found = { stream, type, schemaVersion, correlationId, causationId, metadata: event.metadata };
    const expected = {
      stream: request.stream,
      type: noted.type,
      schemaVersion: noted.version,
      correlationId: "corr",
      causationId: "cause",
      metadata,
    };
    expectEqual("what is recorded", found, expected);
    expectTrue(
      Number.isInteger(event.at) && Math.abs(event.at - began) < 60_000,
      "expected the present as time",
      event.at,
    );
  }
  expectEqual("an unknown stream", await textsOf(events, streamOf("none")), []);
}

async function readsFromVersion(events: EventStore): Promise<void> {
  await events.append(at("a", 0, ["one", "two", "three"]));
  const after = async (version: number) => (await events.readStream(streamOf("a"), { after: version })).map(textOf);
  expectEqual("events after 0", await after(0), ["one", "two", "three"]);
  expectEqual("events after 2", await after(2), ["three"]);
  expectEqual("events after the last", await after(3), []);
  expectEqual("events after more than there are", await after(9), []);
  const before = await events.readStream(streamOf("a"));
  await events.append(at("a", 3, ["four"]));
  expectEqual("what was read before the stream grew", before.map(textOf), ["one", "two", "three"]);
}

async function answersConflict(events: EventStore): Promise<void> {
  const conflictAt = (actualVersion: number) => ({ kind: "conflict", actualVersion, stream: streamOf("a") });
  expectEqual("append beyond a missing stream", await events.append(at("a", 1, ["x"])), conflictAt(0));
  await events.append(at("a", 0, ["one", "two"]));
  expectEqual("append as new", await events.append(at("a", 0, ["x"])), conflictAt(2));
  expectEqual("append behind", await events.append(at("a", 1, ["x"])), conflictAt(2));
  expectEqual("append ahead", await events.append(at("a", 3, ["x"])), conflictAt(2));
  expectEqual("empty append behind", await events.append(at("a", 1, [])), conflictAt(2));
  expectEqual("the stream", await textsOf(events, streamOf("a")), ["one", "two"]);
}

async function writesNothingAtConflict(events: EventStore): Promise<void> {
  await events.append(at("a", 0, ["one"]));
  await events.append(at("a", 0, ["x"], { command: commandOf("c1") }));
  await events.append(at("b", 4, ["x"], { command: commandOf("c1") }));
  expectEqual("the command", await events.findCommand("t", "c1"), undefined);
  expectEqual("all events", (await events.readAll(0, 10)).events.map(textOf), ["one"]);
  const again = await events.append(at("a", 1, ["two"], { command: commandOf("c1") }));
  expectEqual("the same command at the right version", again.kind, "appended");
}

async function appendsMany(events: EventStore): Promise<void> {
  const texts = Array.from({ length: 500 }, (_, i) => `${i}`);
  await events.append(at("many", 0, texts));
  const recorded = await events.readStream(streamOf("many"));
  expectEqual("the texts", recorded.map(textOf), texts);
  expectEqual(
    "the versions",
    recorded.map(({ version }) => version),
    texts.map((_, i) => i + 1),
  );
  const all = await events.readAll(0, 1000);
  expectEqual("the order of all", all.events.map(textOf), texts);
  const large = "\u00fc".repeat(500_000);
  await events.append(at("large", 0, [large]));
  expectTrue(
    (await textsOf(events, streamOf("large")))[0] === large,
    "expected the large event as it was",
    large.length,
  );
}

async function letsOneWin(_: EventStore, under: StoreUnderTest): Promise<void> {
  const stores = [under.store, await under.peer(), await under.peer()];
  const wins = new Map<number, number>();
  const writer = async (events: EventStore, name: string) => {
    let version = 0;
    for (let won = 0; won < 10; ) {
      const result = await events.append(at("a", version, [name]));
      if (result.kind === "appended") {
        wins.set(result.version, (wins.get(result.version) ?? 0) + 1);
        version = result.version;
        won++;
      } else version = result.kind === "conflict" ? result.actualVersion : version;
    }
  };
  await Promise.all(
    Array.from({ length: 6 }, (__, i) => writer((stores[i % 3] as StoreUnderTest["store"]).events, `${i}`)),
  );
  const versions = Array.from({ length: 60 }, (__, i) => i + 1);
  expectEqual(
    "the winners of each version",
    versions.map((v) => wins.get(v)),
    versions.map(() => 1),
  );
  const recorded = await under.store.events.readStream(streamOf("a"));
  expectEqual(
    "the versions",
    recorded.map(({ version }) => version),
    versions,
  );
}

async function keepsApart(events: EventStore): Promise<void> {
  const ids: readonly StreamId[] = [
    { tenant: "", type: "Note", id: "1" },
    { tenant: "t", type: "Note", id: "1" },
    { tenant: "t", type: "Note", id: "11" },
    { tenant: "t", type: "Note1", id: "1" },
    { tenant: "tNote", type: "", id: "1" },
  ];
  for (const [i, stream] of ids.entries()) {
    expectEqual("the append", (await events.append(at("", 0, [`${i}`], { stream }))).kind, "appended");
    await events.saveSnapshot(stream, { version: 1, stateVersion: 1, state: new Uint8Array([i]) });
  }
  for (const [i, stream] of ids.entries()) {
    expectEqual("the stream", await textsOf(events, stream), [`${i}`]);
    const { snapshot } = await events.loadStream(stream, { stateVersion: 1 });
    expectEqual("the snapshot", [...(snapshot?.state ?? [])], [i]);
  }
  expectEqual(
    "streams of all",
    (await events.readAll(0, 10)).events.map(({ stream }) => stream),
    ids,
  );
}

async function keepsText(events: EventStore): Promise<void> {
  const texts = [
    "\0",
    "\u0001",
    "\u0001\u0001",
    "a\0b",
    "'; --",
    '"\\{},',
    "%_",
    "\u{1f600}",
    "\uffff",
    " ",
    "__proto__",
    "constructor",
    "x".repeat(500),
  ];
  for (const [i, text] of texts.entries()) {
    const stream = { tenant: text, type: text, id: text };
    const metadata = { [`k${text}`]: text };
    const request = at("", 0, [text], {
      stream,
      correlationId: text,
      causationId: text,
      metadata,
      command: commandOf(text),
    });
    expectEqual("the append", (await events.append(request)).kind, "appended");
    const [event] = await events.readStream(stream);
    const found = event && [event.stream, event.correlationId, event.causationId, event.metadata, textOf(event)];
    expectEqual("what is kept", found, [stream, text, text, metadata, text]);
    expectEqual("the command", (await events.findCommand(text, text))?.version, 1);
    expectEqual("all events", (await events.readAll(0, 100)).events.length, i + 1);
  }
}

async function readsAll(events: EventStore): Promise<void> {
  /** A slice that ends the log. */
  const last = async (after: number, limit: number) => {
    const { complete = true, ...slice } = await events.readAll(after, limit);
    expectTrue(complete, "expected no report of further events", complete);
    return slice;
  };
  expectEqual("an empty store", await last(0, 10), { events: [], position: 0 });
  for (let i = 0; i < 5; i++) await events.append(at(`${i % 2}`, Math.floor(i / 2) * 2, [`${i}a`, `${i}b`]));
  const expected = Array.from({ length: 5 }, (_, i) => [`${i}a`, `${i}b`]).flat();
  for (const limit of [1, 3, 10, 100]) {
    const texts: string[] = [];
    let position = 0;
    for (;;) {
      const slice = await events.readAll(position, limit);
      expectTrue(slice.events.length <= limit, `expected at most ${limit} events`, slice.events.length);
      const { complete = texts.length + slice.events.length === expected.length } = slice;
      expectEqual("whether it is complete", complete, texts.length + slice.events.length === expected.length);
      if (slice.position === position) break;
      for (const event of slice.events) {
        expectTrue(
          event.position > position && event.position <= slice.position,
          "expected rising positions",
          event.position,
        );
        position = event.position;
        texts.push(textOf(event));
      }
      position = slice.position;
    }
    expectEqual(`all events by ${limit}`, texts, expected);
    expectEqual("beyond the last", await last(position + 5, limit), { events: [], position: position + 5 });
  }
}

async function callsListeners(events: EventStore): Promise<void> {
  let calls = 0;
  const stopListening = events.onAppend(() => calls++);
  await events.append(at("a", 0, ["one"]));
  const end = Date.now() + 5000;
  while (calls === 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  expectTrue(calls > 0, "expected a call after an append", calls);
  stopListening();
  const before = calls;
  await events.append(at("a", 1, ["two"]));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expectEqual("calls after the end", calls, before);
}
