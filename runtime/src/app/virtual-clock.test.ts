// What an app on `memory({ clock })` does when its clock is moved forward.
import { afterEach, describe, expect, it } from "vitest";
import { Account, createAccount, deposit } from "../aggregate/account.fixture.js";
import { scheduledCommands } from "../engines/index.js";
import type { SagaState } from "../saga/index.js";
import { timer } from "../saga/saga.fixture.js";
import { memory } from "../store/memory/index.js";
import { virtualClock } from "../testing/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { openAccounts } from "./processes.fixture.js";
import { declare } from "./sagas.fixture.js";

const day = 86_400_000;
const start = new Date("2030-01-01T00:00:00Z");
const waiting = declare([timer("pause", { delay: 30 * day })]);
const { name } = waiting.saga;

describe("a virtual clock", () => {
  const clock = virtualClock(start);
  let app: App;
  afterEach(() => app.stop());

  it("lets timers of sagas fire, not before their time", async () => {
    app = createApp({ store: memory({ clock }), clock, parts: [waiting], sagas: { pollInterval: 5 } });
    const { startedAt } = await began("a");
    expect(startedAt.getTime()).toBeGreaterThanOrEqual(start.getTime());
    clock.advance(29 * day);
    clock.advance(day);
    await expect.poll(async () => (await stateOf("a")).status).toBe("completed");
    const { steps } = await stateOf("a");
    expect(Number(steps[0]?.endedAt) - Number(startedAt)).toBeGreaterThanOrEqual(30 * day);
  });

  it("is the one from which timers are counted at once, also before the next poll", async () => {
    app = createApp({ store: memory({ clock }), clock, parts: [waiting], sagas: { pollInterval: 600_000 } });
    await began("a");
    clock.advance(30 * day);
    const now = clock.now().getTime();
    expect(Number((await began("b")).steps[0]?.due)).toBeGreaterThanOrEqual(now + 30 * day);
  });

  it("lets scheduled commands be sent, and dates events", async () => {
    const scheduled = scheduledCommands({ methods: [deposit] });
    app = createApp({ store: memory({ clock }), clock, parts: [createAccount(), scheduled] });
    await openAccounts(app, "a");
    await app.schedules.schedule(deposit, { value: "a:5" }, { in: 30 * day });
    const due = clock.now().getTime() + 29 * day;
    clock.advance(30 * day);
    await expect.poll(() => app.history(Account, "a")).toHaveLength(2);
    expect((await app.history(Account, "a"))[1]?.at).toBeGreaterThan(due);
    expect((await app.store.events.last())?.age).toBeLessThan(day);
  });

  async function began(id: string): Promise<SagaState> {
    await app.saga(name).start({ id });
    return stateOf(id);
  }

  async function stateOf(id: string): Promise<SagaState> {
    const found = await app.saga(name).get(id);
    if (found === undefined) throw new Error(`there is no saga ${id}`);
    return found;
  }
});
