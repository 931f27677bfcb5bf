import type { EventStore } from "../../store/ports/index.js";
import { expectEqual, expectTrue } from "../../testing/expectations/index.js";
import type { StoreUnderTest } from "../cases/index.js";
import { at, streamOf, textOf } from "../cases/index.js";

/** Loads of an aggregate: the newest snapshot of a shape, and the events after it. */
export async function keepsSnapshots(events: EventStore, under: StoreUnderTest): Promise<void> {
  const stream = streamOf("a");
  await events.append(at("a", 0, ["one", "two", "three"]));
  const load = async (from: EventStore, stateVersion: number) => {
    const { snapshot, events: since } = await from.loadStream(stream, { stateVersion });
    return [snapshot && [snapshot.version, snapshot.stateVersion, [...snapshot.state]], since.map(textOf)];
  };
  expectEqual("no snapshot", await load(events, 1), [undefined, ["one", "two", "three"]]);
  const save = (version: number, stateVersion: number) =>
    events.saveSnapshot(stream, { version, stateVersion, state: new Uint8Array([version, 0]) });
  const began = Date.now();
  await save(2, 1);
  await save(1, 1);
  await save(3, 2);
  await events.saveSnapshot(stream, { version: 2, stateVersion: 1, state: new Uint8Array([9]) });
  expectEqual("one of the same version is replaced", await load(events, 1), [[2, 1, [9]], ["three"]]);
  await save(2, 1);
  const peer = await under.peer();
  expectEqual("the newest of state version 1", await load(peer.events, 1), [[2, 1, [2, 0]], ["three"]]);
  expectEqual("of state version 2", await load(peer.events, 2), [[3, 2, [3, 0]], []]);
  expectEqual("of an unknown state version", await load(peer.events, 3), [undefined, ["one", "two", "three"]]);
  const { snapshot } = await peer.events.loadStream(stream, { stateVersion: 2 });
  expectTrue(Math.abs((snapshot?.at ?? 0) - began) < 60_000, "expected the present as time", snapshot?.at);
  expectEqual("events alone", (await events.loadStream(stream)).events.map(textOf), ["one", "two", "three"]);
  const since = await events.loadStream(stream, { after: 2 });
  expectEqual("events since a version", since.events.map(textOf), ["three"]);
  expectEqual("an unknown stream", await events.loadStream(streamOf("none"), { stateVersion: 1 }), { events: [] });
}
