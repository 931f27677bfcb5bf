import { describe, it } from "vitest";
import { eventSchemasConformance } from "../testing/event-schemas-conformance.js";
import { eventStoreConformance } from "../testing/event-store-conformance.js";
import { outboxConformance } from "../testing/outbox-conformance.js";
import { projectionStoreConformance } from "../testing/projection-store-conformance.js";
import { rowStoreConformance } from "../testing/row-store-conformance.js";
import { stateStoreConformance } from "../testing/state-store-conformance.js";
import { subjectKeysConformance } from "../testing/subject-keys-conformance.js";
import { memory } from "./memory.js";

describe("the store in memory", () => {
  const open = async () => {
    const store = memory();
    return { store, peer: async () => store, close: () => store.stop() };
  };
  for (const { name, run } of [
    ...eventStoreConformance(open),
    ...rowStoreConformance(open),
    ...projectionStoreConformance(open),
    ...subjectKeysConformance(open),
    ...eventSchemasConformance(open),
    ...stateStoreConformance(open),
    ...outboxConformance(open),
  ])
    it(name, run);
});
