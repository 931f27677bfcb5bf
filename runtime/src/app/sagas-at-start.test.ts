// Sagas that are due when an app starts: their commands append, so they wait until the app can.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createAccount, deposit, open } from "../aggregate/account.fixture.js";
import { command, timer } from "../saga/saga.fixture.js";
import type { Store } from "../store/ports/index.js";
import { createApp } from "./create-app.js";
import { describeSagas } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";
import { getTotal, queries, sumOf, Total } from "./total.fixture.js";

/** The store with other calls. */
function withCalls<T extends object>(port: T, calls: { readonly [name: string]: (...given: never[]) => unknown }): T {
  return Object.assign(Object.create(port), calls) as T;
}

describeSagas("sagas that are due when an app starts", (given) => {
  /** Deposits 5 after a timer. */
  const pay = () => {
    const { compensation: _, ...step } = command("give", { after: ["wait"], command: deposit as never });
    const give = { command: ({ id }: { readonly id: string }) => ({ value: `${id}:5` }), response: undefined };
    return declare(
      [timer("wait", { delay: 600_000 }), step],
      { name: given().name },
      { steps: { give: give as never } },
    );
  };
  const deposits = Total.projection({
    mode: "inline",
    on: {
      opened: () => {},
      deposited: async ({ value }, rows, { stream }) => {
        rows.upsert({ value: `${stream.id}:${sumOf(await rows.get(stream.id)) + value}` });
      },
    },
  });
  const begin = async (id: string) => {
    const { open: openApp, name } = given();
    const app = openApp(pay());
    await app.send(open, { value: id });
    await app.send(deposit, { value: `${id}:1` });
    await app.saga(name).start({ id });
    await app.stop();
    const tool = openApp(pay());
    await tool.open();
    await tool.saga(name).skip(id, "wait");
    return tool;
  };
  const start = (own: Partial<Store>) => {
    const { name, events, rows, projections, keys } = given().store;
    const shared = { name, events, rows, projections, ...(keys && { keys }), ...own };
    const nothing = async () => {};
    return createApp({
      parts: [createAccount(), pay(), deposits, queries],
      store: { ...shared, start: nothing, stop: nothing },
      sagas: { pollInterval: 20 },
    });
  };

  it("append nothing while an inline projection is brought up to date", async () => {
    const { name, store } = given();
    const tool = await begin("due");
    const states: unknown[] = [];
    const projections = withCalls(store.projections, {
      acquire: async (...args) => {
        const lease = await (store.projections.acquire as (...all: never[]) => Promise<unknown>)(...args);
        // Long enough for sagas that do not wait.
        await sleep(200);
        states.push((await tool.saga(name).get("due"))?.status);
        return lease;
      },
    });
    const app = start({ projections });
    try {
      await app.start();
      expect(states).toEqual(["running"]);
      await expect.poll(async () => (await app.saga(name).get("due"))?.status).toBe("completed");
      expect(sumOf(await app.query(getTotal, { value: "due" }))).toBe(6);
    } finally {
      await app.stop();
    }
  });

  it("are left alone by an app that could not start", async () => {
    const { name, store } = given();
    const tool = await begin("later");
    let isFailing = true;
    let reads = 0;
    const rows = withCalls(store.rows, {
      due: (...args) => {
        reads++;
        return (store.rows.due as (...all: never[]) => unknown)(...args);
      },
    });
    const projections = withCalls(store.projections, {
      register: (...args) => {
        if (isFailing && JSON.stringify(args).includes("StringValue")) throw new Error("not now");
        return (store.projections.register as (...all: never[]) => unknown)(...args);
      },
    });
    const app = start({ rows, projections });
    try {
      await expect(app.start()).rejects.toThrow("not now");
      const before = reads;
      await sleep(100);
      expect(reads).toBe(before);
      expect((await tool.saga(name).get("later"))?.status).toBe("running");
      isFailing = false;
      await app.start();
      await expect.poll(async () => (await app.saga(name).get("later"))?.status).toBe("completed");
    } finally {
      await app.stop();
    }
  });
});
