import type { AppendResult, EventStore, UniqueValueChange } from "../../store/ports/index.js";
import { expectEqual, expectTrue } from "../../testing/expectations/index.js";
import type { ConformanceCase, OpenStore, StoreUnderTest } from "../cases/index.js";
import { at, commandOf, defineCase, streamOf, textOf, textsOf } from "../cases/index.js";

const context = { correlationId: "c", causationId: "k", metadata: {} };

/** Concurrent appends, unique values, appends to several streams, closed streams. */
export function appendCases(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (events: EventStore, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(under.store.events, under));
  return [
    on("returns a result for each of many concurrent appends", answersEach),
    on("isolates a failing append from concurrent ones", isolatesFaults),
    on("reserves a value for one stream, until it is released", claimsValues),
    on("reserves no value with an append that is refused", claimsNothingRefused),
    on("releases the values of a subject, and no others", releasesValuesOfSubject),
    on("reserves a value for one of many concurrent appends", claimsOnce),
    on("appends to several streams, all or nothing", appendsTogether),
    on("appends to several streams at most once for a command", appendsTogetherOnce),
    on("resolves concurrent appends to the same streams without a deadlock", endsRaces),
    on("closes a stream permanently", closesStreams),
  ];
}

async function answersEach(events: EventStore): Promise<void> {
  await Promise.all(Array.from({ length: 20 }, (_, i) => events.append(at(`old${i}`, 0, ["first"]))));
  const requests = Array.from({ length: 200 }, (_, i) => {
    if (i % 10 === 0) return { request: at(`old${i / 10}`, 1, ["second"]), kind: "appended" };
    if (i % 10 === 1) return { request: at(`old${(i - 1) / 10}`, 7, ["never"]), kind: "conflict" };
    const command = commandOf(`c${i}`);
    return { request: at(`new${i}`, 0, ["x", "y"].slice(i % 2), i % 3 === 0 ? { command } : {}), kind: "appended" };
  });
  const results = await Promise.all(requests.map(({ request }) => events.append(request)));
  expectEqual(
    "the answers",
    results.map(({ kind }) => kind),
    requests.map(({ kind }) => kind),
  );
  for (const [i, result] of results.entries()) {
    const { request } = requests[i] as { request: ReturnType<typeof at> };
    if (result.kind !== "appended") continue;
    const recorded = await events.readStream(request.stream);
    expectEqual("the version", result.version, recorded.at(-1)?.version);
    expectEqual("the position", result.position, recorded.at(-1)?.position);
    if (request.command === undefined) continue;
    const again = await events.append({ ...request, expectedVersion: 99 });
    expectEqual("the same command", again, {
      kind: "duplicate",
      response: request.command.response,
      version: result.version,
    });
  }
}

async function isolatesFaults(events: EventStore): Promise<void> {
  // A lone surrogate has no UTF-8 form; stores that refuse it must refuse that append only.
  const odd = at("odd", 0, ["x"], { correlationId: "\ud800" });
  const results = await Promise.allSettled([
    ...Array.from({ length: 10 }, (_, i) => events.append(at(`a${i}`, 0, ["x"]))),
    events.append(odd),
    ...Array.from({ length: 10 }, (_, i) => events.append(at(`b${i}`, 0, ["x"]))),
  ]);
  for (const [i, result] of results.entries()) {
    if (i !== 10) expectEqual(`append ${i}`, result.status === "fulfilled" && result.value.kind, "appended");
  }
}

const email = (value: string, action: UniqueValueChange["action"] = "reserve"): UniqueValueChange => ({
  index: "email",
  value,
  action,
});

async function claimsValues(events: EventStore, under: StoreUnderTest): Promise<void> {
  const peer = (await under.peer()).events;
  const kindOf = async (result: Promise<AppendResult>) => (await result).kind;
  expectEqual(
    "the first",
    await kindOf(events.append(at("a", 0, ["x"], { uniqueValues: [email("ada")] }))),
    "appended",
  );
  const refused = await peer.append(at("b", 0, ["x"], { uniqueValues: [email("bob"), email("ada")] }));
  expectEqual("one that is taken", refused, { kind: "value_taken", index: "email", value: "ada" });
  expectEqual("the stream that was refused", await textsOf(peer, streamOf("b")), []);
  expectEqual(
    "a value of the refused append",
    await kindOf(peer.append(at("c", 0, ["x"], { uniqueValues: [email("bob")] }))),
    "appended",
  );
  expectEqual(
    "one's own",
    await kindOf(events.append(at("a", 1, ["y"], { uniqueValues: [email("ada")] }))),
    "appended",
  );
  expectEqual(
    "another's given back",
    await kindOf(peer.append(at("c", 1, ["y"], { uniqueValues: [email("ada", "release")] }))),
    "appended",
  );
  expectEqual(
    "still taken",
    await kindOf(peer.append(at("d", 0, ["x"], { uniqueValues: [email("ada")] }))),
    "value_taken",
  );
  const change = [email("eve"), email("ada", "release")];
  expectEqual("a change", await kindOf(events.append(at("a", 2, ["z"], { uniqueValues: change }))), "appended");
  expectEqual("released", await kindOf(peer.append(at("d", 0, ["x"], { uniqueValues: [email("ada")] }))), "appended");
  const otherIndex = { ...email("ada"), index: "name" };
  expectEqual(
    "of another index",
    await kindOf(peer.append(at("e", 0, ["x"], { uniqueValues: [otherIndex] }))),
    "appended",
  );
  const stream = { ...streamOf("f"), tenant: "other" };
  expectEqual(
    "of another tenant",
    await kindOf(peer.append(at("", 0, ["x"], { stream, uniqueValues: [email("ada")] }))),
    "appended",
  );
}

async function releasesValuesOfSubject(events: EventStore, under: StoreUnderTest): Promise<void> {
  const peer = (await under.peer()).events;
  const of = (value: string, subject: string) => ({ ...email(value), subject });
  const elsewhere = { stream: { ...streamOf("e"), tenant: "other" } };
  await events.append(at("a", 0, ["x"], { uniqueValues: [of("ada", "s1"), of("eve", "s2"), email("nobody's")] }));
  await events.append(at("b", 0, ["x"], { uniqueValues: [of("bob", "s1")] }));
  await events.append(at("", 0, ["x"], { ...elsewhere, uniqueValues: [of("ada", "s1")] }));
  // Reserved again by its holder, and released: no longer the subject's.
  await events.append(at("b", 1, ["x"], { uniqueValues: [of("bob", "s1"), of("cid", "s1")] }));
  await events.append(at("b", 2, ["x"], { uniqueValues: [email("cid", "release")] }));
  expectEqual("of nobody", await peer.releaseUniqueValues("t", "s3"), 0);
  expectEqual("of another tenant", await peer.releaseUniqueValues("nowhere", "s1"), 0);
  expectEqual("of the subject", await peer.releaseUniqueValues("t", "s1"), 2);
  expectEqual("once more", await events.releaseUniqueValues("t", "s1"), 0);
  const kindFor = async (id: string, value: string) =>
    (await peer.append(at(id, 0, ["x"], { uniqueValues: [email(value)] }))).kind;
  expectEqual("what was released", await kindFor("c", "ada"), "appended");
  expectEqual("of another subject", await kindFor("d", "eve"), "value_taken");
  expectEqual("of no subject", await kindFor("d", "nobody's"), "value_taken");
  const other = await peer.append(
    at("", 0, ["x"], { stream: { ...streamOf("f"), tenant: "other" }, uniqueValues: [email("ada")] }),
  );
  expectEqual("in another tenant", other.kind, "value_taken");
}

async function claimsNothingRefused(events: EventStore): Promise<void> {
  await events.append(at("a", 0, ["x"]));
  const conflict = await events.append(at("a", 0, ["y"], { uniqueValues: [email("ada")], command: commandOf("c1") }));
  expectEqual("a conflict", conflict, { kind: "conflict", actualVersion: 1, stream: streamOf("a") });
  expectEqual("the command", await events.findCommand("t", "c1"), undefined);
  expectEqual("the value", (await events.append(at("b", 0, ["x"], { uniqueValues: [email("ada")] }))).kind, "appended");
}

async function claimsOnce(events: EventStore, under: StoreUnderTest): Promise<void> {
  const stores = [events, (await under.peer()).events];
  const results = await Promise.all(
    Array.from({ length: 12 }, (_, i) => {
      const store = stores[i % 2] as EventStore;
      return store.append(at(`s${i}`, 0, ["x"], { uniqueValues: [email("ada")] }));
    }),
  );
  const kinds = results.map(({ kind }) => kind).sort();
  expectEqual("the answers", kinds, ["appended", ...Array.from({ length: 11 }, () => "value_taken")]);
}

async function appendsTogether(events: EventStore, under: StoreUnderTest): Promise<void> {
  await events.append(at("a", 0, ["one"]));
  const appends = [at("b", 0, ["b1", "b2"]), at("a", 1, ["two"])];
  const result = await events.appendToStreams({ ...context, appends });
  expectEqual("the versions", result.kind === "appended" && result.versions, [2, 2]);
  const peer = (await under.peer()).events;
  expectEqual("the first stream", await textsOf(peer, streamOf("b")), ["b1", "b2"]);
  expectEqual("the second stream", await textsOf(peer, streamOf("a")), ["one", "two"]);
  const refused = await events.appendToStreams({ ...context, appends: [at("c", 0, ["c1"]), at("a", 1, ["never"])] });
  expectEqual("a conflict of one", refused, { kind: "conflict", actualVersion: 2, stream: streamOf("a") });
  expectEqual("the other", await textsOf(peer, streamOf("c")), []);
  const reserved = [
    at("d", 0, ["d1"], { uniqueValues: [email("ada")] }),
    at("e", 0, ["e1"], { uniqueValues: [email("ada")] }),
  ];
  expectEqual("a value for two", (await events.appendToStreams({ ...context, appends: reserved })).kind, "value_taken");
  expectEqual("the first of those", await textsOf(peer, streamOf("d")), []);
  expectEqual("all events", (await peer.readAll(0, 100)).events.map(textOf), ["one", "b1", "b2", "two"]);
}

async function appendsTogetherOnce(events: EventStore): Promise<void> {
  const command = commandOf("c1");
  const appends = [at("a", 0, ["a1"]), at("b", 0, ["b1", "b2"])];
  expectEqual("the first time", (await events.appendToStreams({ ...context, appends, command })).kind, "appended");
  const again = await events.appendToStreams({ ...context, appends, command });
  expectEqual("the second time", again, { kind: "duplicate", response: command.response, version: 1 });
  const other = await events.appendToStreams({ ...context, appends, command: commandOf("c1", "other") });
  expectEqual("another request", other, { kind: "command_mismatch" });
}

async function endsRaces(events: EventStore, under: StoreUnderTest): Promise<void> {
  const stores = [events, (await under.peer()).events];
  const names = ["a", "b", "c"];
  const versions = new Map(names.map((name) => [name, 0]));
  let won = 0;
  await Promise.all(
    Array.from({ length: 6 }, async (_, writer) => {
      const store = stores[writer % 2] as EventStore;
      for (let i = 0; i < 10; i++) {
        // In a different order each time: a store that locks in the order of the request deadlocks.
        const order = [...names].sort(() => Math.random() - 0.5).slice(0, 2);
        const appends = order.map((name) => at(name, versions.get(name) ?? 0, [`${writer}.${i}`]));
        const result = await store.appendToStreams({ ...context, appends });
        if (result.kind === "appended") {
          won++;
          for (const [n, name] of order.entries())
            versions.set(name, Math.max(versions.get(name) ?? 0, result.versions[n] ?? 0));
        } else if (result.kind === "conflict") {
          versions.set(result.stream.id, Math.max(versions.get(result.stream.id) ?? 0, result.actualVersion));
        }
      }
    }),
  );
  const lengths = await Promise.all(names.map(async (name) => (await events.readStream(streamOf(name))).length));
  expectTrue(won > 0, "expected some to succeed", won);
  expectEqual(
    "events of all streams",
    lengths.reduce((sum, length) => sum + length, 0),
    won * 2,
  );
}

async function closesStreams(events: EventStore, under: StoreUnderTest): Promise<void> {
  await events.append(at("a", 0, ["one"]));
  const stream = streamOf("a");
  const early = await events.closeStream(stream, 0);
  expectEqual("at another version", early, { kind: "conflict", actualVersion: 1, stream });
  expectEqual("the end", (await events.closeStream(stream, 1)).kind, "appended");
  const peer = (await under.peer()).events;
  for (const version of [0, 1]) {
    expectEqual(`an append at ${version}`, await peer.append(at("a", version, ["x"])), { kind: "closed", stream });
    const many = await Promise.all([peer.append(at("a", version, ["x"])), peer.append(at(`n${version}`, 0, ["x"]))]);
    expectEqual(
      "with another",
      many.map(({ kind }) => kind),
      ["closed", "appended"],
    );
  }
  expectEqual(
    "together",
    (await peer.appendToStreams({ ...context, appends: [at("z", 0, ["x"]), at("a", 1, ["x"])] })).kind,
    "closed",
  );
  expectEqual("once more", await peer.closeStream(stream, 1), { kind: "closed", stream });
  expectEqual("its events", await textsOf(peer, stream), ["one"]);
  expectEqual("one that never was", (await peer.closeStream(streamOf("never"), 0)).kind, "appended");
  expectEqual("an append to that", (await events.append(at("never", 0, ["x"]))).kind, "closed");
}
