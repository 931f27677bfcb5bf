// Sagas of two processes on a real server, of which one stands still in between and then continues.
import { describe, expect, it } from "vitest";
import { Account, createAccount, deposit, open, withdraw } from "../../aggregate/account.fixture.js";
import { createApp } from "../../app/index.js";
import { declare } from "../../app/sagas.fixture.js";
import { command, type Trip } from "../../saga/saga.fixture.js";
import type { Store } from "../../store/ports/index.js";
import { openPostgres, url } from "./postgres.fixture.js";

const accounts = 6;
const sagas = 60;

/** Transfers 1 from one account to another; every fifth to one that does not exist. */
function transfer() {
  const take = command("take", { command: withdraw as never, compensation: deposit as never });
  const { compensation: _, ...give } = command("give", { after: ["take"], command: deposit as never });
  const numberOf = (id: string) => Number(id.slice(1));
  const from = ({ id }: Trip) => ({ value: `a${numberOf(id) % accounts}:1` });
  const to = ({ id }: Trip) => ({
    value: numberOf(id) % 5 === 0 ? "nobody:1" : `a${(numberOf(id) + 1) % accounts}:1`,
  });
  const response = (data: Trip) => data;
  const steps = { take: { command: from, compensation: from, response }, give: { command: to, response } };
  return declare([take, give], {}, { steps });
}

/** A store whose writes can be held, as those of a process that is stopped. */
function holdable(store: Store): { readonly store: Store; hold(): void; release(): void } {
  let held: Promise<void> | undefined;
  let release = (): void => {};
  const gate = <T extends object>(inner: T, names: readonly string[]): T =>
    new Proxy(inner, {
      get(target, name) {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== "function") return value;
        const call = value.bind(target) as (...given: unknown[]) => unknown;
        if (!names.includes(String(name))) return call;
        return async (...given: unknown[]) => {
          await held;
          return call(...given);
        };
      },
    });
  const shared: Store = {
    name: store.name,
    events: gate(store.events, ["append", "appendToStreams", "recordCommand"]),
    rows: gate(store.rows, ["transact"]),
    projections: store.projections,
    ...(store.keys && { keys: store.keys }),
    start: async () => {},
    stop: async () => {},
  };
  return {
    store: shared,
    hold() {
      held = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
  };
}

describe.skipIf(url === undefined)("sagas of two processes in PostgreSQL", () => {
  it("each end once, and keep all money, although one process stands still and then continues", async () => {
    const under = await openPostgres();
    const first = holdable(under.store);
    const second = holdable(await under.peer());
    const options = { lease: 2_000, pollInterval: 100 };
    const [a, b] = [first, second].map(({ store }) =>
      createApp({ parts: [createAccount(), transfer()], store, sagas: options }),
    ) as [ReturnType<typeof createApp>, ReturnType<typeof createApp>];
    try {
      await Promise.all([a.start(), b.start()]);
      for (let i = 0; i < accounts; i++) {
        await a.send(open, { value: `a${i}` });
        await a.send(deposit, { value: `a${i}:100` });
      }
      const [there, here] = [a.saga("trips.v1.Trip"), b.saga("trips.v1.Trip")];
      const starts = Array.from({ length: sagas }, (_, i) => (i % 2 === 0 ? there : here).start({ id: `s${i}` }));
      await Promise.any(starts);
      first.hold();
      await Promise.all(starts.filter((_, i) => i % 2 === 1));
      // What the first process has begun continues in the second one.
      await expect.poll(async () => (await here.counts()).running).toBe(0);
      first.release();
      await Promise.all(starts);
      const counts = { running: 0, compensating: 0, completed: 48, compensated: 12, suspended: 0 };
      await expect.poll(() => here.counts()).toEqual(counts);

      let sum = 0;
      for (let i = 0; i < accounts; i++) {
        const history = await b.history(Account, `a${i}`);
        expect(history.map(({ version }) => version)).toEqual(history.map((_, at) => at + 1));
        sum += (await b.send(deposit, { value: `a${i}:0` })).value;
      }
      expect(sum).toBe(accounts * 100);
    } finally {
      first.release();
      await Promise.all([a.stop(), b.stop()]);
      await under.close();
    }
  }, 120_000);
});
