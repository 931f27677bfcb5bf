// More sagas than a process can work on.
import { expect, it } from "vitest";
import { command, timer } from "../saga/saga.fixture.js";
import { describeSagas } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

describeSagas("many sagas at once", (given) => {
  it("wait in the store, where they cost nothing, and each of their commands is sent once", async () => {
    const { open, name, outside } = given();
    const app = open(declare([command("hotel"), command("flight", { after: ["hotel"] })], { name }), {
      options: { concurrency: 2 },
    });
    await app.start();
    outside.hold("hotel");
    const ids = Array.from({ length: 60 }, (_, n) => `t${n}`);
    for (const id of ids) await app.saga(name).start({ id });
    // Those that wait in the process have leases, whose extensions are transitions.
    expect(app.sagas.running).toBeLessThanOrEqual(4);
    expect(outside.log.length).toBeLessThanOrEqual(2);
    outside.release("hotel");
    await expect.poll(async () => (await app.saga(name).counts()).completed, { interval: 50 }).toBe(ids.length);
    expect(outside.log).toHaveLength(2 * ids.length);
    expect(new Set(outside.commandIds)).toHaveLength(2 * ids.length);
    expect(app.sagas.takenOver).toBe(0);
  });

  it("are returned to the store if they have begun together", async () => {
    const { open, name, outside, stateOf } = given();
    // Commands are returned after a third of the lease. A busy machine must not let it end.
    const app = open(declare([command("hotel")], { name }), { options: { concurrency: 2, lease: 3_000 } });
    await app.start();
    outside.hold("hotel");
    const ids = Array.from({ length: 40 }, (_, n) => `t${n}`);
    await Promise.all(ids.map((id) => app.saga(name).start({ id })));
    await expect.poll(() => app.sagas.running).toBeLessThanOrEqual(4);
    expect(outside.log).toHaveLength(2);
    outside.release("hotel");
    await expect.poll(async () => (await app.saga(name).counts()).completed).toBe(ids.length);
    expect(outside.log).toHaveLength(ids.length);
    expect((await stateOf(app, "t39"))?.history.map(({ event }) => event)).not.toContain("taken_over");
  });

  it("keep no timer waiting while all commands take long", async () => {
    const { open, name, outside, status } = given();
    const waiting = declare([timer("pause", { delay: 50 })], { name: `${name}.Timer` });
    const app = open([declare([command("hotel")], { name }), waiting], { options: { concurrency: 1 } });
    await app.start();
    outside.hold("hotel");
    for (let n = 0; n < 6; n++) await app.saga(name).start({ id: `t${n}` });
    await app.saga(`${name}.Timer`).start({ id: "t" });
    await expect.poll(async () => (await app.saga(`${name}.Timer`).get("t"))?.status).toBe("completed");
    expect(outside.log).toHaveLength(1);
    outside.release("hotel");
    for (let n = 0; n < 6; n++) await status(app, `t${n}`).toBe("completed");
    expect(outside.log).toHaveLength(6);
  });

  it("continue in another process while one is busy", async () => {
    const { open, name, outside, status } = given();
    const part = declare([command("hotel")], { name });
    const busy = open(part, { options: { concurrency: 1 } });
    await busy.start();
    outside.hold("hotel");
    for (const id of ["t1", "t2", "t3", "t4"]) await busy.saga(name).start({ id });
    outside.behaviour.delete("hotel");
    const other = open(part);
    await other.start();
    for (const id of ["t3", "t4"]) await status(other, id).toBe("completed");
    outside.release("hotel");
    for (const id of ["t1", "t2"]) await status(busy, id).toBe("completed");
    expect(outside.log).toHaveLength(4);
  });
});
