import { describe, expect, it, onTestFinished } from "vitest";
import { pglite } from "../../adapters/pglite/index.js";
import { type App, createApp } from "../../app/index.js";
import { rowCodec, type TestRow, tableOf } from "../../conformance/cases/index.js";
import type { AnyMethod, CallOptions } from "../../cqrs/index.js";
import { readModels } from "../../engines/index.js";
import type { ProjectionPart } from "../../projection/index.js";
import { memory } from "../../store/memory/index.js";
import type { RowTable, Store } from "../../store/ports/index.js";
import { Account, createAccount, deposit, open, withdraw } from "../account.fixture.js";
import type { AnyDeciderPart } from "../declaration/index.js";
import { type JoinedRows, withJoinedRows } from "./joined-rows.js";

const timed: RowTable = { ...tableOf(3), due: "amount" };
const stream = { tenant: "", type: "account", id: "a" };

function stateStored(): AnyDeciderPart {
  const { decider } = createAccount() as AnyDeciderPart;
  const { snapshotEvery: _, ...aggregate } = Account.definition;
  return { kind: "decider", aggregate: { ...aggregate, persistence: "state" }, decider };
}

/** Writes a row in the transaction of each deposit. */
function inlineDeposits(): ProjectionPart {
  const events = { deposited: Account.definition.events["deposited"] as never };
  return {
    kind: "projection",
    readModel: { name: "Deposits", codec: rowCodec, keyField: "id", key: () => "k", events, engine: readModels },
    version: 1,
    mode: "inline",
    on: {
      deposited: (event: never, rows: never) =>
        (rows as { upsert(row: unknown): Promise<void> }).upsert(
          rowCodec.create({ id: "k", amount: BigInt((event as { readonly value: number }).value) }),
        ),
    },
  };
}

async function start(store: Store, ...parts: (AnyDeciderPart | ProjectionPart)[]): Promise<App> {
  const app = createApp({ store, parts });
  onTestFinished(() => app.stop());
  await app.start();
  return app;
}

/** Notes each outcome in a row. */
const noting = (key = "r", more: (outcome: { readonly version: number }) => void = () => {}): JoinedRows => ({
  async apply(outcome, rows) {
    more(outcome);
    const found = (await rows.get(timed, "", key)) as TestRow | undefined;
    const title = `${found?.title ?? ""}${(outcome.response as { value: number }).value}@${outcome.version} `;
    await rows.put(timed, "", key, rowCodec.create({ id: key, title, amount: 1n }));
  },
});

const send = (app: App, method: AnyMethod, value: string, rows: JoinedRows, options: CallOptions = {}) =>
  app.dispatch(method, method.request.create({ value }), withJoinedRows(options, rows));
const notedIn = async (store: Store, key = "r") =>
  ((await store.rows.get(timed, "", key)) as TestRow | undefined)?.title?.trim();

describe.each([
  ["in memory", () => memory()],
  ["in PGlite", () => pglite()],
] as const)("rows that join a command, %s", (_name, openStore) => {
  describe.each([
    ["events", () => createAccount() as AnyDeciderPart],
    ["its state", stateStored],
  ] as const)("of an aggregate that stores %s", (_kind, part) => {
    it("are committed with what it leads to, also if it leads to no events", async () => {
      const store = openStore();
      const app = await start(store, part());
      expect(await send(app, open, "a", noting())).toMatchObject({ joined: true, version: 1 });
      expect(await send(app, deposit, "a:5", noting())).toMatchObject({ joined: true, version: 2 });
      expect(await send(app, deposit, "a:0", noting(), { commandId: "c0" })).toMatchObject({
        joined: true,
        version: 2,
      });
      expect(await send(app, deposit, "a:0", noting())).toMatchObject({ joined: true, version: 2 });
      expect(await notedIn(store)).toBe("0@1 5@2 5@2 5@2");
      expect((await store.rows.due([timed], 9)).rows.map(({ key }) => key)).toEqual(["r"]);
      expect(await store.events.findCommand("", "c0")).toMatchObject({ version: 2 });
      const without = await app.dispatch(deposit, deposit.request.create({ value: "a:1" }));
      expect([without.version, without.joined]).toEqual([3, undefined]);
    });

    it("are not written if the command is refused or replayed", async () => {
      const store = openStore();
      const app = await start(store, part());
      await send(app, open, "a", noting("other"));
      await expect(send(app, withdraw, "a:9", noting())).rejects.toMatchObject({ message: "overdrawn" });
      await expect(send(app, open, "a", noting())).rejects.toMatchObject({ code: "already_exists" });
      expect(await notedIn(store)).toBeUndefined();
      const once = { commandId: "c1" };
      expect(await send(app, deposit, "a:5", noting(), once)).toMatchObject({ joined: true });
      const again = await send(app, deposit, "a:5", noting(), once);
      expect([(again.response as { value: number }).value, again.version, again.joined]).toEqual([5, 2, undefined]);
      await expect(send(app, deposit, "a:6", noting(), once)).rejects.toMatchObject({ code: "already_exists" });
      expect(await notedIn(store)).toBe("5@2");
    });

    it("fail the command if they fail, and nothing is recorded", async () => {
      const store = openStore();
      const app = await start(store, part());
      await send(app, open, "a", noting("other"));
      const failing: JoinedRows = {
        async apply(outcome, rows) {
          await noting().apply(outcome, rows);
          throw new RangeError("on purpose");
        },
      };
      for (const value of ["a:5", "a:0"]) {
        const options = { commandId: `c ${value}` };
        const error = await send(app, deposit, value, failing, options).catch((thrown: unknown) => thrown);
        expect((error as Error).cause).toBeInstanceOf(RangeError);
        expect(await store.events.findCommand("", options.commandId)).toBeUndefined();
      }
      await expect(send(app, open, "b", failing)).rejects.toMatchObject({ code: "internal" });
      expect(await notedIn(store)).toBeUndefined();
      expect((await app.send(deposit, { value: "a:1" })).value).toBe(1);
      expect(await send(app, open, "b", noting())).toMatchObject({ version: 1, joined: true });
    });

    it("are all written when many commands queue for one aggregate", async () => {
      const store = openStore();
      const app = await start(store, part());
      await send(app, open, "a", noting("other"));
      const count = 24;
      const fails = 7;
      const results = await Promise.allSettled(
        Array.from({ length: count }, (_, i) =>
          send(
            app,
            deposit,
            "a:1",
            noting(`${i % 3}`, () => {
              if (i === fails) throw new Error("on purpose");
            }),
          ),
        ),
      );
      expect(results.flatMap(({ status }, i) => (status === "rejected" ? [i] : []))).toEqual([fails]);
      const noted = (await Promise.all(["0", "1", "2"].map((key) => notedIn(store, key)))).join(" ").split(" ");
      const expected = Array.from({ length: count - 1 }, (_, i) => `${i + 1}@${i + 2}`);
      expect(noted.sort()).toEqual(expected.sort());
      expect((await app.send(deposit, { value: "a:0" })).value).toBe(count - 1);
    });
  });

  it("are committed with inline projections and events", async () => {
    const store = openStore();
    const app = await start(store, createAccount() as AnyDeciderPart, inlineDeposits());
    await send(app, open, "a", noting());
    await Promise.all(Array.from({ length: 6 }, () => send(app, deposit, "a:1", noting())));
    expect((await notedIn(store))?.split(" ")).toHaveLength(7);
    expect(await store.events.readStream(stream)).toHaveLength(7);
    expect(await store.rows.get(tableOf(), "", "k")).toMatchObject({
      amount: 1n,
    });
  });

  it("run again when another transaction has changed a row", async () => {
    const store = openStore();
    const app = await start(store, createAccount() as AnyDeciderPart);
    await send(app, open, "a", noting());
    let isFirst = true;
    const disturbed: JoinedRows = {
      async apply(outcome, rows) {
        await rows.get(timed, "", "r");
        // Only rows that hold no connection let others change a row meanwhile.
        if (isFirst && rows.isDetached === true) {
          isFirst = false;
          await store.rows.transact((tx) => noting().apply({ response: { value: 9 }, version: 9 }, tx));
        }
        await noting().apply(outcome, rows);
      },
    };
    expect(await send(app, deposit, "a:5", disturbed)).toMatchObject({ joined: true });
    expect(await notedIn(store)).toBe(isFirst ? "0@1 5@2" : "0@1 9@9 5@2");
  });
});
