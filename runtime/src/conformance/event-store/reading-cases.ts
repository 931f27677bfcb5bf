import { bucketOf } from "../../store/events/index.js";
import type { EventFilter, EventStore, StreamId } from "../../store/ports/index.js";
import { subscribe } from "../../store/subscriptions/index.js";
import { expectEqual, expectTrue } from "../../testing/expectations/index.js";
import type { ConformanceCase, OpenStore, StoreUnderTest } from "../cases/index.js";
import { at, defineCase, noted, streamOf, textOf, textsOf } from "../cases/index.js";

/** Reads: ranges of a stream, filters, lists of streams, archived and imported events, subscriptions. */
export function readingCases(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (events: EventStore, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(under.store.events, under));
  return [
    on("reads any part of a stream, forwards and backwards", readsParts),
    on("reads the events that match a filter", readsFitting),
    on("returns the high-water mark", knowsHead),
    on("lists streams", listsStreams),
    on("archives events, which all reads still return", archives),
    on("archives the last events of the log, which later readers still read", archivesTheLast),
    on("imports events of another store, each once", imports),
    on("refuses imported events that leave a gap", refusesImports),
    on("delivers history, then live events, without gaps", follows),
  ];
}

async function readsParts(events: EventStore): Promise<void> {
  await events.append(at("a", 0, ["1", "2", "3", "4", "5"]));
  const read = async (range: Parameters<EventStore["readStream"]>[1]) =>
    (await events.readStream(streamOf("a"), range)).map(textOf).join("");
  expectEqual("all, backwards", await read({ backwards: true }), "54321");
  expectEqual("the last two", await read({ backwards: true, limit: 2 }), "54");
  expectEqual("the first two", await read({ limit: 2 }), "12");
  expectEqual("between", await read({ after: 1, before: 5 }), "234");
  expectEqual("between, backwards, at most 2", await read({ after: 1, before: 5, limit: 2, backwards: true }), "43");
  expectEqual("after 2, at most 2", await read({ after: 2, limit: 2 }), "34");
  expectEqual("before the first", await read({ before: 1 }), "");
  expectEqual("none", await read({ after: 5 }), "");
}

async function readsFitting(events: EventStore): Promise<void> {
  const streams: StreamId[] = ["t", "u"].flatMap((tenant) =>
    ["Note", "Memo"].flatMap((type) => ["1", "2", "3"].map((id) => ({ tenant, type, id }))),
  );
  for (const stream of streams)
    await events.append(at("", 0, [`${stream.tenant}${stream.type}${stream.id}`], { stream }));
  const fitting = async (filter: EventFilter, limit = 100) => {
    const texts: string[] = [];
    for (let position = 0; ; ) {
      const slice = await events.readAll(position, limit, filter);
      expectTrue(slice.events.length <= limit, `expected at most ${limit}`, slice.events.length);
      if (slice.position === position) {
        expectEqual("the end", position, await events.head());
        return texts;
      }
      position = slice.position;
      texts.push(...slice.events.map(textOf));
    }
  };
  const expected = (fits: (stream: StreamId) => boolean) =>
    streams.filter(fits).map(({ tenant, type, id }) => `${tenant}${type}${id}`);
  for (const limit of [1, 4, 100]) {
    expectEqual(
      "of a type of events",
      await fitting({ types: [noted.type] }, limit),
      expected(() => true),
    );
    expectEqual("of no type", await fitting({ types: ["none"] }, limit), []);
    expectEqual(
      "of a type of streams",
      await fitting({ streamTypes: ["Memo"] }, limit),
      expected(({ type }) => type === "Memo"),
    );
    expectEqual(
      "of a tenant",
      await fitting({ tenant: "u" }, limit),
      expected(({ tenant }) => tenant === "u"),
    );
    const buckets = { from: 0, to: 127 };
    expectEqual(
      "of buckets",
      await fitting({ buckets }, limit),
      expected((stream) => bucketOf(stream) <= 127),
    );
    const all = { types: ["none", noted.type], streamTypes: ["Note"], tenant: "t", buckets: { from: 128, to: 255 } };
    expectEqual(
      "of all of these",
      await fitting(all, limit),
      expected((s) => s.type === "Note" && s.tenant === "t" && bucketOf(s) > 127),
    );
  }
}

async function knowsHead(events: EventStore, under: StoreUnderTest): Promise<void> {
  expectEqual("of an empty store", await events.head(), 0);
  expectEqual("the last event of an empty store", await events.last(), undefined);
  await events.append(at("a", 0, ["1", "2"]));
  expectEqual("after two", await events.head(), 2);
  const peer = (await under.peer()).events;
  await peer.append(at("a", 2, ["3"]));
  expectEqual("after another's", await events.head(), 3);
  const last = await events.last();
  expectEqual("the last event", last?.position, 3);
  expectTrue(last !== undefined && last.age >= 0, "expected an age", last?.age);
  await events.archiveEvents(streamOf("a"), 3);
  expectEqual("the last event, archived", (await events.last())?.position, 3);
}

async function listsStreams(events: EventStore): Promise<void> {
  const ids = ["c", "a", "b"];
  for (const id of ids) await events.append(at(id, 0, ["x", "y"]));
  await events.append(at("", 0, ["x"], { stream: { ...streamOf("a"), type: "Memo" } }));
  await events.append(at("", 0, ["x"], { stream: { ...streamOf("a"), tenant: "u" } }));
  await events.closeStream(streamOf("b"), 2);
  const all = await events.listStreams({ limit: 100 });
  expectEqual("their number", all.length, 5);
  const paged: StreamId[] = [];
  for (let after: StreamId | undefined; ; ) {
    const page = await events.listStreams({ limit: 2, ...(after && { after }) });
    after = page.at(-1)?.stream;
    if (after === undefined) break;
    paged.push(...page.map(({ stream }) => stream));
  }
  expectEqual(
    "page by page",
    paged,
    all.map(({ stream }) => stream),
  );
  const notes = await events.listStreams({ tenant: "t", type: "Note", limit: 100 });
  expectEqual(
    "of one type and tenant",
    notes.map(({ stream, version, closed }) => [stream.id, version, closed]),
    [
      ["a", 2, false],
      ["b", 2, true],
      ["c", 2, false],
    ],
  );
}

async function archives(events: EventStore, under: StoreUnderTest): Promise<void> {
  const stream = streamOf("a");
  await events.append(at("a", 0, ["1", "2", "3"]));
  await events.append(at("b", 0, ["x"]));
  expectEqual("how many", await events.archiveEvents(stream, 2), 2);
  expectEqual("again", await events.archiveEvents(stream, 2), 0);
  const peer = (await under.peer()).events;
  expectEqual("what is loaded", (await peer.loadStream(stream)).events.map(textOf), ["3"]);
  expectEqual("what is read", await textsOf(peer, stream), ["1", "2", "3"]);
  expectEqual("all events", (await peer.readAll(0, 100)).events.map(textOf), ["1", "2", "3", "x"]);
  expectEqual("some of the stream", (await peer.readStream(stream, { after: 1, limit: 2 })).map(textOf), ["2", "3"]);
  expectEqual("an append", (await peer.append(at("a", 3, ["4"]))).kind, "appended");
  expectEqual("beyond the end", await peer.archiveEvents(stream, 99), 2);
  expectEqual("one more append", (await events.append(at("a", 4, ["5"]))).kind, "appended");
  expectEqual("what is left to load", (await events.loadStream(stream)).events.map(textOf), ["5"]);
  await events.saveSnapshot(stream, { version: 4, stateVersion: 1, state: new Uint8Array([4]) });
  const since = async (from: { readonly stateVersion?: number; readonly after?: number }) =>
    (await events.loadStream(stream, from)).events.map(textOf);
  expectEqual("after its snapshot", await since({ stateVersion: 1 }), ["5"]);
  expectEqual("without a snapshot of this shape", await since({ stateVersion: 2 }), ["1", "2", "3", "4", "5"]);
  expectEqual("since a version", await since({ after: 3 }), ["4", "5"]);
  const [info] = await events.listStreams({ tenant: "t", type: "Note", limit: 1 });
  expectEqual("the stream in the list", [info?.version, info?.archivedVersion], [5, 4]);
  expectEqual("a stream that is not there", await events.archiveEvents(streamOf("none"), 1), 0);
}

async function archivesTheLast(events: EventStore, under: StoreUnderTest): Promise<void> {
  await events.append(at("a", 0, ["1", "2", "3"]));
  await events.archiveEvents(streamOf("a"), 3);
  const late = (await under.peer()).events;
  expectEqual("the head", await late.head(), 3);
  expectEqual("all events", (await late.readAll(0, 100)).events.map(textOf), ["1", "2", "3"]);
  await events.append(at("b", 0, ["x"]));
  await events.archiveEvents(streamOf("b"), 1);
  expectEqual("since", (await late.readAll(3, 100)).events.map(textOf), ["x"]);
}

async function imports(events: EventStore, under: StoreUnderTest): Promise<void> {
  await events.append(at("a", 0, ["1", "2"], { metadata: { user: "u" } }));
  await events.append(at("b", 0, ["x"]));
  const recorded = (await events.readAll(0, 100)).events.map(({ data, ...event }) => ({
    ...event,
    bytes: event.bytes ?? noted.codec.encode(data as never),
    stream: { ...event.stream, tenant: "copy" },
  }));
  expectEqual("a part", await events.importEvents(recorded.slice(0, 1)), 1);
  expectEqual("all", await events.importEvents(recorded), 2);
  expectEqual("again", await events.importEvents(recorded), 0);
  const peer = (await under.peer()).events;
  const copies = (await peer.readAll(0, 100, { tenant: "copy" })).events;
  const facts = (list: typeof copies) =>
    list.map(({ id, stream, version, type, schemaVersion, at: time, correlationId, causationId, metadata, bytes }) => [
      id,
      stream,
      version,
      type,
      schemaVersion,
      time,
      correlationId,
      causationId,
      metadata,
      [...(bytes ?? [])],
    ]);
  expectEqual("the copies", facts(copies), facts(recorded));
  expectTrue(
    copies.every(({ position }) => position > 3),
    "expected new positions",
    copies.map(({ position }) => position),
  );
  const stream = { ...streamOf("a"), tenant: "copy" };
  expectEqual("an append", (await peer.append(at("", 2, ["3"], { stream }))).kind, "appended");
}

async function refusesImports(events: EventStore): Promise<void> {
  await events.append(at("a", 0, ["1", "2"]));
  const [first, second] = (await events.readAll(0, 10)).events.map(({ data, ...event }) => ({
    ...event,
    bytes: event.bytes ?? noted.codec.encode(data as never),
  }));
  if (first === undefined || second === undefined) throw new Error("expected two events");
  const refused = async (list: Parameters<EventStore["importEvents"]>[0]) =>
    events.importEvents(list).then(
      (count): number | string => count,
      (error: { code?: string }) => error.code,
    );
  const other = { ...second, id: "0190163d-8694-739b-aea5-966c26f8ad91" };
  const gap = { ...first, stream: streamOf("g"), version: 3 };
  const fresh = { ...first, stream: streamOf("f") };
  expectEqual("another event", await refused([fresh, other]), "failed_precondition");
  expectEqual("a gap", await refused([fresh, gap]), "failed_precondition");
  expectEqual("what came with them", await textsOf(events, streamOf("f")), []);
  await events.closeStream(streamOf("a"), 2);
  expectEqual("what a closed stream has already", await refused([first, second]), 0);
  expectEqual("to a closed stream", await refused([{ ...second, version: 3, id: other.id }]), "failed_precondition");
}

async function follows(events: EventStore, under: StoreUnderTest): Promise<void> {
  const peer = (await under.peer()).events;
  const total = 120;
  const ending = new AbortController();
  const seen: string[] = [];
  await events.append(at("s0", 0, ["0"]));
  const following = (async () => {
    for await (const slice of subscribe(peer, { batch: 7, signal: ending.signal, filter: { streamTypes: ["Note"] } })) {
      seen.push(...slice.events.map(textOf));
      if (seen.length >= total) ending.abort();
    }
  })();
  const writing = (async () => {
    for (let i = 1; i < total; i++) {
      await (i % 2 === 0 ? events : peer).append(at(`s${i}`, 0, [`${i}`]));
      await events.append(at("", 0, ["other"], { stream: { tenant: "t", type: "Memo", id: `${i}` } }));
    }
  })();
  const late = setTimeout(() => ending.abort(), 15_000);
  await Promise.all([following, writing]);
  clearTimeout(late);
  expectEqual(
    "what was seen",
    seen,
    Array.from({ length: total }, (_, i) => `${i}`),
  );
}
