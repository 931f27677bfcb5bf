import type {
  AppendedSequence,
  AppendSequenceRequest,
  ApplyInline,
  EventStore,
  SequencePart,
} from "../../store/ports/index.js";
import { expectEqual, expectTrue } from "../../testing/expectations/index.js";
import {
  at,
  type ConformanceCase,
  commandOf,
  defineCase,
  note,
  type OpenStore,
  rowCodec,
  type StoreUnderTest,
  streamOf,
  tableOf,
  textOf,
  textsOf,
} from "../cases/index.js";

/** Appends in which several commands change one stream. */
export function sequenceCases(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (events: EventStore, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(under.store.events, under));
  return [
    on("appends the events of several commands, each in its own context", appendsParts),
    on("appends nothing of a sequence that is refused, and records none of its commands", appendsNothing),
    on("applies a sequence to rows in its transaction, or rolls it back", appliesInline),
    on("lets one of several concurrent sequences win", letsOneWin),
  ];
}

function sequence(
  id: string,
  expectedVersion: number,
  parts: readonly SequencePart[],
  inline?: ApplyInline,
): AppendSequenceRequest {
  return { stream: streamOf(id), expectedVersion, parts, ...(inline && { inline }) };
}

function part(texts: readonly string[], name = "c", command?: string): SequencePart {
  return {
    events: texts.map(note),
    correlationId: `corr ${name}`,
    causationId: `cause ${name}`,
    metadata: { user: name },
    ...(command !== undefined && { command: commandOf(command) }),
  };
}

async function appendsParts(events: EventStore, under: StoreUnderTest): Promise<void> {
  const begun = await events.appendSequence(sequence("a", 0, [part(["1"], "x"), part(["2", "3"], "y", "c1")]));
  const first = begun as AppendedSequence;
  expectEqual("the version of a new stream", first.version, 3);
  const parts = [part([], "z", "c2"), part(["4"], "u"), part(["5"], "v", "c3")];
  const next = (await events.appendSequence(sequence("a", 3, parts))) as AppendedSequence;
  expectEqual("the version", next.version, 5);
  const peer = await under.peer();
  const recorded = await peer.events.readStream(streamOf("a"));
  expectEqual("the texts", recorded.map(textOf), ["1", "2", "3", "4", "5"]);
  expectEqual(
    "the contexts",
    recorded.map((event) => [event.version, event.correlationId, event.causationId, event.metadata]),
    ["x", "y", "y", "u", "v"].map((name, i) => [i + 1, `corr ${name}`, `cause ${name}`, { user: name }]),
  );
  const positions = recorded.map(({ position }) => position);
  expectEqual("positions of the first", first.positions, [positions[0], positions[2]]);
  expectEqual("positions of the second", next.positions, [0, positions[3], positions[4]]);
  for (const [id, version] of [
    ["c1", 3],
    ["c2", 3],
    ["c3", 5],
  ] as const) {
    const found = await peer.events.findCommand("t", id);
    expectEqual(`the command ${id}`, [found?.version, [...(found?.response ?? [])]], [version, [0, 1, 255]]);
  }
  expectEqual("all streams", (await peer.events.readAll(0, 10)).events.map(textOf), ["1", "2", "3", "4", "5"]);
  const empty = (await events.appendSequence(sequence("b", 0, [part([], "w", "c4")]))) as AppendedSequence;
  expectEqual("of nothing but a command", empty, { version: 0, positions: [0] });
}

async function appendsNothing(events: EventStore): Promise<void> {
  await events.append(at("a", 0, ["1"], { command: commandOf("known") }));
  const parts = [part(["x"], "x", "new"), part(["y"], "y", "newer")];
  for (const version of [0, 2]) {
    expectEqual(`at version ${version}`, await events.appendSequence(sequence("a", version, parts)), undefined);
  }
  expectEqual("to none at version 1", await events.appendSequence(sequence("b", 1, parts)), undefined);
  const repeated = [...parts, part(["z"], "z", "known")];
  expectEqual("a recorded command", await events.appendSequence(sequence("a", 1, repeated)), undefined);
  const twice = [...parts, part(["z"], "z", "new")];
  expectEqual("a command twice", await events.appendSequence(sequence("a", 1, twice)), undefined);
  await events.closeStream(streamOf("a"), 1);
  expectEqual("a closed stream", await events.appendSequence(sequence("a", 1, parts)), undefined);
  expectEqual("the stream", await textsOf(events, streamOf("a")), ["1"]);
  expectEqual("no stream", await textsOf(events, streamOf("b")), []);
  for (const id of ["new", "newer"]) expectEqual(id, await events.findCommand("t", id), undefined);
  const appended = await events.appendSequence(sequence("b", 0, parts));
  expectEqual("the same commands elsewhere", appended?.version, 2);
}

async function appliesInline(events: EventStore, { store }: StoreUnderTest): Promise<void> {
  const parts = [part(["1"], "x", "c1"), part([], "y"), part(["2"], "z")];
  let given: readonly unknown[] = [];
  const put: ApplyInline = async (recorded, rows) => {
    given = recorded.map((event) => [event.version, textOf(event), event.position, event.correlationId]);
    await rows.put(tableOf(), "t", "k", rowCodec.create({ id: "k", title: recorded.map(textOf).join() }));
  };
  const failure = new Error("of the projection");
  const failing: ApplyInline = async (recorded, rows) => {
    await put(recorded, rows);
    throw failure;
  };
  const thrown = await events.appendSequence(sequence("a", 0, parts, failing)).catch((error: unknown) => error);
  expectTrue(thrown === failure, "expected the error of the projection", thrown);
  expectEqual("no stream", await textsOf(events, streamOf("a")), []);
  expectEqual("no command", await events.findCommand("t", "c1"), undefined);
  expectEqual("no row", await store.rows.get(tableOf(), "t", "k"), undefined);
  const appended = (await events.appendSequence(sequence("a", 0, parts, put))) as AppendedSequence;
  expectEqual("the events given", given, [
    [1, "1", appended.positions[0], "corr x"],
    [2, "2", appended.positions[2], "corr z"],
  ]);
  const row = (await store.rows.get(tableOf(), "t", "k")) as { readonly title: string } | undefined;
  expectEqual("the row", row?.title, "1,2");
  given = [];
  expectEqual("a conflict", await events.appendSequence(sequence("a", 0, parts, put)), undefined);
  expectEqual("applied at a conflict", given, []);
}

async function letsOneWin(events: EventStore, under: StoreUnderTest): Promise<void> {
  const peer = await under.peer();
  const tries = [events, peer.events, events, peer.events].map((one, i) =>
    one.appendSequence(sequence("a", 0, [part([`${i} 1`], "c", `c${i}`), part([`${i} 2`])])),
  );
  const won = (await Promise.all(tries)).flatMap((result, i) => (result === undefined ? [] : [i]));
  expectEqual("winners", won.length, 1);
  expectEqual("the stream", await textsOf(events, streamOf("a")), [`${won[0]} 1`, `${won[0]} 2`]);
  for (let i = 0; i < 4; i++) {
    expectEqual(`the command ${i}`, (await events.findCommand("t", `c${i}`)) !== undefined, i === won[0]);
  }
}
