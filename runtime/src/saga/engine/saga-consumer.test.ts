import { describe, expect, it } from "vitest";
import type { EventDefinition } from "../../message/index.js";
import { arrived, event, sagaOf, Visit } from "../saga.fixture.js";
import { toSagaConsumer } from "./saga-consumer.js";
import type { SagaEngine } from "./saga-engine.js";

const begun: EventDefinition = { type: "trips.v1.Begun", version: 1, codec: Visit as never };

/** A change as the projection runner passes it on. */
function changeOf(position: number, definition: EventDefinition, stream: string) {
  const meta = { position, stream: { tenant: "", type: "Trip", id: stream }, metadata: {}, id: `e${position}` };
  return { change: { definition, event: { id: "t1", note: "" } }, event: { ...meta, correlationId: "c" } };
}

/** Handles events, in one batch or in several. Returns what reached the engine, in order. */
async function handled(...batches: readonly ReturnType<typeof changeOf>[][]): Promise<readonly string[]> {
  const log: string[] = [];
  const engine = {
    async startSaga() {
      // Longer than any event takes.
      for (let i = 0; i < 100; i++) await Promise.resolve();
      log.push("started");
      return true;
    },
    async receive() {
      log.push("event");
    },
  };
  const part = sagaOf([event("wait")], { startsOn: begun }, { start: ({ id }: { readonly id: string }) => ({ id }) });
  const consumer = toSagaConsumer(part, engine as unknown as SagaEngine);
  const { signal } = new AbortController();
  const target = consumer?.target as unknown as {
    write(changes: readonly unknown[], options: object): Promise<{ readonly refused?: readonly unknown[] }>;
  };
  for (const changes of batches) expect((await target.write(changes, { signal })).refused).toEqual([]);
  return log;
}

describe("events that sagas read", () => {
  // MassTransit: a message that reaches a saga before the one that creates it.
  it("start sagas before other streams of the same batch deliver what they wait for", async () => {
    const batch = [changeOf(1, begun, "orders"), changeOf(2, arrived, "payments")];
    expect(await handled(batch)).toEqual(["started", "event"]);
  });

  it("start each saga once in a batch", async () => {
    const batch = [changeOf(1, begun, "a"), changeOf(2, begun, "b"), changeOf(3, arrived, "a")];
    expect(await handled(batch)).toEqual(["started", "started", "event"]);
    expect(await handled([changeOf(1, begun, "a")], [changeOf(2, arrived, "a")])).toEqual(["started", "event"]);
  });
});
