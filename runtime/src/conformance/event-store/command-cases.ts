import type { EventStore } from "../../store/ports/index.js";
import { expectEqual } from "../../testing/expectations/index.js";
import {
  at,
  type ConformanceCase,
  commandOf,
  defineCase,
  type OpenStore,
  type StoreUnderTest,
  streamOf,
  textsOf,
} from "../cases/index.js";

/** Commands that are recorded with their appends. */
export function commandCases(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (events: EventStore, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(under.store.events, under));
  return [
    on("records a command without events", recordsEmpty),
    on("returns the recorded response for a repeated command", answersDuplicate),
    on("detects another request under a command id", tellsMismatch),
    on("records commands without an append", recordsCommands),
    on("reserves a command for one holder, until it is recorded or released", reservesCommand),
    on("lets another holder take over an expired reservation, for the same request", expiresReservation),
    on("reserves a command for one of many concurrent holders", reservesOnce),
    on("appends once for many concurrent calls of the same command", appendsCommandOnce),
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
  // At the original version, as of a repeated request, and at the current one: neither is a conflict.
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
  expectEqual("the answer", result, { kind: "command_mismatch" });
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

const holders = ["00000000-0000-7000-8000-00000000000a", "00000000-0000-7000-8000-00000000000b"] as const;
const reservation = (holder: string, lease = 60_000, requestHash = "hash") => ({
  id: "c1",
  requestHash,
  holder,
  lease,
});

async function reservesCommand(events: EventStore, under: StoreUnderTest): Promise<void> {
  const [one, other] = holders;
  const peer = (await under.peer()).events;
  const refusal = { kind: "reserved_by_other", requestHash: "hash" };
  expectEqual("the first", await events.reserveCommand("t", reservation(one)), { kind: "reserved" });
  expectEqual("the first again", await peer.reserveCommand("t", reservation(one)), { kind: "reserved" });
  expectEqual("another", await peer.reserveCommand("t", reservation(other)), refusal);
  expectEqual("another request", await peer.reserveCommand("t", reservation(other, 1, "x")), refusal);
  expectEqual("of another tenant", await peer.reserveCommand("u", reservation(other)), { kind: "reserved" });
  expectEqual("it is not recorded yet", await peer.findCommand("t", "c1"), undefined);
  const append = at("a", 0, ["x"], { command: commandOf("c1") });
  expectEqual("an append under its id", await peer.append(append), { kind: "command_mismatch" });
  await peer.releaseCommand("t", "c1", other);
  expectEqual("released by another", await peer.reserveCommand("t", reservation(other)), refusal);
  await peer.releaseCommand("t", "c1", one);
  expectEqual("released", await peer.reserveCommand("t", reservation(other, 60_000, "y")), { kind: "reserved" });
  expectEqual("recorded by nobody", await events.recordCommand("t", commandOf("c1", "y")), false);
  expectEqual("recorded by another", await events.recordCommand("t", commandOf("c1", "y"), one), false);
  expectEqual("recorded by its holder", await events.recordCommand("t", commandOf("c1", "y"), other), true);
  const found = await events.reserveCommand("t", reservation(one));
  expectEqual(
    "reserved after it was recorded",
    found.kind === "recorded" && [found.command.requestHash, [...found.command.response], found.command.version],
    ["y", [0, 1, 255], 0],
  );
  await events.releaseCommand("t", "c1", other);
  expectEqual("given back after it was recorded", (await events.findCommand("t", "c1"))?.requestHash, "y");
}

async function expiresReservation(events: EventStore, under: StoreUnderTest): Promise<void> {
  const [one, other] = holders;
  const peer = (await under.peer()).events;
  await events.reserveCommand("t", reservation(one, 0));
  await new Promise((resolve) => setTimeout(resolve, 10));
  const refusal = { kind: "reserved_by_other", requestHash: "hash" };
  expectEqual("another request", await peer.reserveCommand("t", reservation(other, 60_000, "x")), refusal);
  expectEqual("another holder", await peer.reserveCommand("t", reservation(other)), { kind: "reserved" });
  expectEqual("the first again", await events.reserveCommand("t", reservation(one)), refusal);
  expectEqual("recorded by the first", await events.recordCommand("t", commandOf("c1"), one), false);
  expectEqual("recorded by the second", await peer.recordCommand("t", commandOf("c1"), other), true);
}

async function reservesOnce(events: EventStore, under: StoreUnderTest): Promise<void> {
  const peer = (await under.peer()).events;
  const results = await Promise.all(
    Array.from({ length: 10 }, (_, i) => {
      const holder = `00000000-0000-7000-8000-00000000000${i}`;
      return (i % 2 === 0 ? events : peer).reserveCommand("t", reservation(holder));
    }),
  );
  const kinds = results.map(({ kind }) => kind).sort();
  expectEqual("the answers", kinds, ["reserved", ...Array.from({ length: 9 }, () => "reserved_by_other")]);
}
