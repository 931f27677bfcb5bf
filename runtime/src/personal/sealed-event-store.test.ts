import { describe, expect, it } from "vitest";
import { at, streamOf } from "../conformance/cases/index.js";
import { eventStoreConformance } from "../conformance/event-store/index.js";
import { makeAllPersonal, sealed } from "../conformance/sealed.fixture.js";
import { memory } from "../store/memory/index.js";
import { hasEnvelope } from "./envelope.js";

makeAllPersonal();

describe("the memory store with personal events", () => {
  const open = async () => {
    const store = memory();
    return { store, peer: async () => store, close: () => store.stop() };
  };
  for (const { name, run } of eventStoreConformance(sealed(open))) it(name, run);

  it("encrypts the events that the suite records", async () => {
    const store = memory();
    const under = await sealed(async () => ({ store, peer: async () => store, close: () => store.stop() }))();
    await under.store.events.append(at("a", 0, ["one"]));
    expect(hasEnvelope((await store.events.readStream(streamOf("a")))[0]?.bytes)).toBe(true);
    expect(hasEnvelope((await under.store.events.readStream(streamOf("a")))[0]?.bytes)).toBe(false);
  });
});
