import { describe, expect, it } from "vitest";
import { memory } from "../event-store/index.js";
import { at, streamOf } from "../testing/conformance-append.js";
import { makeAllPersonal, sealed } from "../testing/conformance-sealed.fixture.js";
import { eventStoreConformance } from "../testing/event-store-conformance.js";
import { hasEnvelope } from "./envelope.js";

makeAllPersonal();

describe("the store in memory, with personal events", () => {
  const open = async () => {
    const store = memory();
    return { store, peer: async () => store, close: () => store.stop() };
  };
  for (const { name, run } of eventStoreConformance(sealed(open))) it(name, run);

  it("encrypts what the suite records", async () => {
    const store = memory();
    const under = await sealed(async () => ({ store, peer: async () => store, close: () => store.stop() }))();
    await under.store.events.append(at("a", 0, ["one"]));
    expect(hasEnvelope((await store.events.readStream(streamOf("a")))[0]?.bytes)).toBe(true);
    expect(hasEnvelope((await under.store.events.readStream(streamOf("a")))[0]?.bytes)).toBe(false);
  });
});
