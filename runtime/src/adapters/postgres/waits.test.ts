// Waits of two replicas on a real server, each with its own connections: nothing but the database tells one of the other.
import { describe, expect, it, vi } from "vitest";
import { Replica } from "../../app/waits.fixture.js";
import { waitMethod } from "../../waits/index.js";
import { openPostgres, url } from "./postgres.fixture.js";

describe.skipIf(url === undefined)("on PostgreSQL", () => {
  async function openReplicas() {
    const under = await openPostgres();
    const [one, two] = [new Replica(under.store), new Replica(await under.peer())];
    await Promise.all([one.app.start(), two.app.start()]);
    const close = async () => {
      await Promise.all([one.app.stop(), two.app.stop()]);
      await under.close();
    };
    return { one, two, close };
  }

  it("a query of another replica includes the writes before it, and a command what the other one projects", async () => {
    const { one, two, close } = await openReplicas();
    await one.open("a");
    let sum = 0;
    for (let amount = 1; amount <= 20; amount++) {
      const [writer, reader] = amount % 2 ? [one, two] : [two, one];
      const until = amount % 3 === 0 ? ["Total"] : undefined;
      const { wait } = await writer.deposit("a", amount, { after: "0", until });
      sum += amount;
      if (until !== undefined) expect(wait?.state).toBe("reached");
      expect(await reader.balance("a", until === undefined ? { after: wait?.position } : undefined)).toBe(sum);
    }
    await close();
  });

  it("an event that another replica records ends a wait, and a token is resumed there", async () => {
    const { one, two, close } = await openReplicas();
    await one.open("a");
    const opening = one.open("b", { until: ["account.deposited"] }, { correlationId: "order-1" });
    await vi.waitFor(() => two.deposit("b", 7, undefined, { correlationId: "order-1" }));
    const { wait } = await opening;
    expect(wait).toMatchObject({ state: "reached", event: "google.protobuf.Int32Value" });
    const method = waitMethod();
    const { response } = await two.app.dispatch(method, method.request.create({ token: wait?.token }));
    expect(method.response.toJson(response)).toMatchObject({ state: "WAIT_STATE_REACHED", data: { value: 7 } });
    await close();
  });

  it("calls that wait hold no connection of the pool", async () => {
    const { one, close } = await openReplicas();
    await one.app.projection("Total").pause();
    const ids = Array.from({ length: 40 }, (_, at) => `many-${at}`);
    const waiting = ids.map((id) => one.open(id, { until: ["Total"], within: 30_000 }));
    await vi.waitFor(async () =>
      expect((await one.app.store.events.listStreams({ limit: 100 })).length).toBe(ids.length),
    );
    // More than the pool has: one that waited with a connection would let none of these end.
    await Promise.all(ids.map((id) => one.deposit(id, 1)));
    await one.app.projection("Total").resume();
    const states = await Promise.all(waiting);
    expect(new Set(states.map(({ wait }) => wait?.state))).toEqual(new Set(["reached"]));
    await close();
  });
});
