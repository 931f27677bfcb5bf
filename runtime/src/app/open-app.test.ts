// An app that was opened, or only read: it runs nothing, and leaves what follows to other processes.
import { afterEach, describe, expect, it } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { PotterError } from "../errors/index.js";
import { command } from "../saga/saga.fixture.js";
import { createApp } from "./create-app.js";
import { describeSagas, Outside } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

const retry = { maxAttempts: 1000, initialDelay: 1, maxDelay: 1 };
const steps = [command("hotel", { retry }), command("flight", { retry, after: ["hotel"] })];

describeSagas("an app that has not started", (given) => {
  it("reads sagas, and takes over nothing", async () => {
    const { name, open, status, outside } = given();
    const trip = declare(steps, { name });
    outside.hold("hotel");
    const dead = open(trip, { options: { lease: 600_000 } });
    await dead.saga(name).start({ id: "a" });
    await dead.saga(name).pause("a");
    await dead.saga(name).start({ id: "b" });
    outside.release("hotel");
    await expect.poll(async () => (await dead.saga(name).get("a"))?.steps[0]?.status).toBe("done");
    await status(dead, "b").toBe("completed");
    await dead.stop();

    const other = new Outside();
    const app = open(trip, { outside: other });
    const control = app.saga(name);
    await expect(control.list()).resolves.toMatchObject({ items: [{ id: "a" }, { id: "b" }] });
    await expect(control.get("a")).resolves.toMatchObject({ status: "running" });
    await expect(control.counts()).resolves.toMatchObject({ running: 1, completed: 1 });
    await expect(control.verify()).resolves.toEqual({ checked: 1, problems: [] });
    for await (const { id } of control.watch("a")) {
      expect(id).toBe("a");
      break;
    }
    await app.open();
    await expect(control.resume("a")).resolves.toEqual({ applied: true });
    await expect(control.get("a")).resolves.toMatchObject({ steps: [{}, { status: "running", attempts: 0 }] });
    expect(other.log).toEqual([]);
    // From its start on it takes part in the work.
    await app.start();
    await status(app, "a").toBe("completed");
    expect(other.log).toEqual(["flight"]);
    expect(app.sagas.takenOver).toBe(0);
  });

  it("writes what a person demands once it was opened, and leaves the commands to others", async () => {
    const { name, open, status, outside } = given();
    const trip = declare(steps, { name });
    outside.behaviour.set("flight", () => {
      throw new PotterError("unavailable", "closed");
    });
    const service = open(trip);
    const unused = new Outside();
    const tool = open(trip, { outside: unused });
    await tool.open();
    const control = tool.saga(name);
    await service.saga(name).start({ id: "a" });
    await status(tool, "a").toBe("running");
    await expect(control.pause("a")).resolves.toEqual({ applied: true });
    outside.behaviour.clear();
    await expect(control.resume("a")).resolves.toEqual({ applied: true });
    await status(tool, "a").toBe("completed");
    expect(unused.log).toEqual([]);
    expect(service.sagas.takenOver).toBe(0);
  });
});

describe("an app that is only read", () => {
  const app = createApp({ store: pglite(), parts: [declare(steps)], sagas: { call: new Outside().call } });
  afterEach(() => app.stop());

  it("opens a store that has to be opened, and closes it", async () => {
    const control = app.saga("trips.v1.Trip");
    await expect(control.list()).resolves.toEqual({ items: [], nextPageToken: "" });
    await app.stop();
    await expect(control.list()).rejects.toMatchObject({ code: "unavailable" });
  });
});
