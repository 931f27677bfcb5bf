// What callers see that wait for a read model which does not keep up.
import { afterEach, expect, it, vi } from "vitest";
import { createAccount, open } from "../aggregate/account.fixture.js";
import { isPotterError } from "../errors/index.js";
import { memory } from "../store/memory/index.js";
import { type App, createApp } from "./index.js";
import { queries, Total } from "./total.fixture.js";

let app: App | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await app?.stop();
});

/** An app whose projection applies nothing until it may. */
async function start() {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const totals = Total.projection({
    on: {
      opened: async (_event, rows, { stream }) => {
        await gate;
        rows.upsert({ value: `${stream.id}:0` });
      },
      deposited: () => {},
    },
  });
  const store = memory();
  app = createApp({ parts: [createAccount(), totals, queries], store });
  await app.start();
  return { app, store, release };
}

it("refuses calls with `unavailable` before they run, and answers all that it has accepted", async () => {
  const { app, store, release } = await start();
  const send = (i: number) => app.send(open, { value: `a${i}` }, { waitFor: [Total] });
  const accepted = Array.from({ length: 120 }, (_, i) => send(i));
  // A moment is no overload, however many callers wait.
  await new Promise((resolve) => setTimeout(resolve, 100));
  accepted.push(send(120));
  const now = performance.now();
  await vi.waitFor(async () => expect(await store.events.head()).toBe(121));
  vi.spyOn(performance, "now").mockImplementation(() => now + 1_500);

  const refused = await send(121).catch((error: unknown) => error);
  expect(isPotterError(refused) && [refused.code, refused.retryAfter !== undefined]).toEqual(["unavailable", true]);
  expect(await store.events.head()).toBe(121);
  // Who does not wait for the read model is not concerned.
  await app.send(open, { value: "other" });
  expect(await store.events.head()).toBe(122);

  release();
  await Promise.all(accepted);
  await send(122);
  expect((await store.events.readAll(0, 1_000)).events.map(({ stream }) => stream.id)).not.toContain("a121");
});

it("accepts many callers while the read model keeps up, and few however long it takes", async () => {
  const { app, release } = await start();
  const send = (i: number) => app.send(open, { value: `a${i}` }, { waitFor: [Total] });
  const few = Array.from({ length: 50 }, (_, i) => send(i));
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  few.push(send(50));
  release();
  await Promise.all(few);
  await Promise.all(Array.from({ length: 300 }, (_, i) => send(100 + i)));
});
