import type { EventStore } from "../event-store/index.js";
import { type ConformanceCase, defineCase, type OpenStore, type StoreUnderTest } from "./conformance.js";
import { at, commandOf, streamOf, textsOf } from "./conformance-append.js";
import { expectEqual } from "./expectation.js";

/** What holds of commands that are recorded with their appends. */
export function commandCases(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (events: EventStore, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(under.store.events, under));
  return [
    on("records a command that led to no event", recordsEmpty),
    on("answers a repeated command as the first time", answersDuplicate),
    on("tells another request under a command id", tellsMismatch),
    on("records commands without an append", recordsCommands),
    on("appends once however often a command comes at once", appendsCommandOnce),
  ];
}

async function recordsEmpty(events: EventStore): Promise<void> {
  const command = commandOf("c1");
  expectEqual("the answer", await events.append(at("a", 0, [], { command })), {
    kind: "appended",
    version: 0,
    position: 0,
  });
  const repeated = await events.append(at("a", 0, ["x"], { command }));
  expectEqual("the repeated command", [repeated.kind, "version" in repeated && repeated.version], ["duplicate", 0]);
  expectEqual("the stream is new", (await events.append(at("a", 0, ["one"]))).kind, "appended");
  const later = await events.append(at("a", 1, [], { command: commandOf("c2") }));
  expectEqual("the answer at version 1", later, { kind: "appended", version: 1, position: 0 });
  expectEqual("empty without a command", await events.append(at("a", 1, [])), {
    kind: "appended",
    version: 1,
    position: 0,
  });
}

async function answersDuplicate(events: EventStore, under: StoreUnderTest): Promise<void> {
  const command = commandOf("c1");
  await events.append(at("a", 0, ["one", "two"], { command }));
  await events.append(at("a", 2, ["three"]));
  const peer = await under.peer();
  // At the version of then, as a repeated request comes, and at the present one: neither is a conflict.
  for (const version of [0, 3]) {
    const result = await peer.events.append(at("a", version, ["x"], { command }));
    expectEqual("the answer", [result.kind, "version" in result && result.version], ["duplicate", 2]);
    expectEqual("the response", "response" in result && [...result.response], [0, 1, 255]);
  }
  const found = await peer.events.findCommand("t", "c1");
  expectEqual("the command", found && [found.id, found.requestHash, [...found.response], found.version], [
    "c1",
    "hash",
    [0, 1, 255],
    2,
  ]);
  expectEqual("the stream", await textsOf(events, streamOf("a")), ["one", "two", "three"]);
}

async function tellsMismatch(events: EventStore): Promise<void> {
  await events.append(at("a", 0, ["one"], { command: commandOf("c1") }));
  const result = await events.append(at("b", 0, ["x"], { command: commandOf("c1", "other") }));
  expectEqual("the answer", result, { kind: "mismatch" });
  expectEqual("the stream", await textsOf(events, streamOf("b")), []);
  const elsewhere = at("a", 0, ["one"], {
    command: commandOf("c1", "other"),
    stream: { ...streamOf("a"), tenant: "u" },
  });
  expectEqual("the same id of another tenant", (await events.append(elsewhere)).kind, "appended");
}

async function recordsCommands(events: EventStore): Promise<void> {
  expectEqual("an unknown command", await events.findCommand("t", "c1"), undefined);
  expectEqual("the first time", await events.recordCommand("t", commandOf("c1")), true);
  expectEqual("the second time", await events.recordCommand("t", commandOf("c1", "other")), false);
  expectEqual("for another tenant", await events.recordCommand("u", commandOf("c1", "third")), true);
  const found = await events.findCommand("t", "c1");
  expectEqual("the command", found && [found.requestHash, [...found.response], found.version], [
    "hash",
    [0, 1, 255],
    0,
  ]);
  expectEqual(
    "an append under the id",
    (await events.append(at("a", 0, ["x"], { command: commandOf("c1") }))).kind,
    "duplicate",
  );
}

async function appendsCommandOnce(events: EventStore, under: StoreUnderTest): Promise<void> {
  const peer = await under.peer();
  for (let round = 0; round < 5; round++) {
    const command = commandOf(`c${round}`);
    const calls = Array.from({ length: 6 }, (_, i) =>
      (i % 2 === 0 ? events : peer.events).append(at(`${round}`, 0, ["x"], { command })),
    );
    const kinds = (await Promise.all(calls)).map(({ kind }) => kind).sort();
    expectEqual("the answers", kinds, ["appended", ...Array.from({ length: 5 }, () => "duplicate")]);
  }
}
