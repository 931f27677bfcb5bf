import { describe, it } from "vitest";
import { eventSchemasConformance } from "../../conformance/event-schema-store-conformance.js";
import { eventStoreConformance } from "../../conformance/event-store/index.js";
import { outboxConformance } from "../../conformance/outbox-conformance.js";
import { projectionStoreConformance } from "../../conformance/projection-store-conformance.js";
import { rowStoreConformance } from "../../conformance/row-store-conformance.js";
import { stateStoreConformance } from "../../conformance/state-store-conformance.js";
import { subjectKeysConformance } from "../../conformance/subject-key-store-conformance.js";
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
