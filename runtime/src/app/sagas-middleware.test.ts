// Middleware around local steps: their commands end with the transaction that they are part of, as any command ends with its commit.
import type { StringValue } from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { createAccount, deposit, open, withdraw } from "../aggregate/account.fixture.js";
import { forMethod, type Middleware } from "../cqrs/index.js";
import { command, type Trip } from "../saga/saga.fixture.js";
import type { RowStore } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { describeSagas } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

const idOf = ({ value }: StringValue) => value.split(":")[0] ?? "";

describeSagas("middleware around local steps", (given) => {
  let app: App;
  /** Takes 5 from one account and gives it to another, in an app with this middleware. Returns both when it has ended. */
  async function transfer(id: string, middleware: readonly Middleware[], rows?: RowStore): Promise<readonly number[]> {
    const { name, store } = given();
    const { compensation: _, ...take } = command("take", { command: withdraw as never });
    const { compensation: __, ...give } = command("give", { after: ["take"], command: deposit as never });
    const part = declare(
      [take, give],
      { name },
      {
        steps: {
          take: { command: (data: Trip) => ({ value: `${data.id}:5` }), response: undefined as never },
          give: { command: (data: Trip) => ({ value: `to-${data.id}:5` }), response: undefined as never },
        },
      },
    );
    const { events, projections, keys } = store;
    const nothing = async () => {};
    app = createApp({
      parts: [createAccount(), part],
      store: {
        name,
        events,
        rows: rows ?? store.rows,
        projections,
        ...(keys && { keys }),
        start: nothing,
        stop: nothing,
      },
      middleware,
    });
    const plain = given().open([]);
    try {
      for (const value of [id, `to-${id}`]) await plain.send(open, { value });
      await plain.send(deposit, { value: `${id}:100` });
      expect(await app.saga(name).run({ id })).toMatchObject({ status: "completed" });
      return await Promise.all(
        [id, `to-${id}`].map(async (to) => (await app.send(deposit, { value: `${to}:0` })).value),
      );
    } finally {
      await app.stop();
    }
  }

  it("may send a command to the same aggregate after it", async () => {
    const fee = forMethod(withdraw, async (call, next) => {
      const result = await next(call);
      await app.send(deposit, { value: `${idOf(call.request)}:2` });
      return result;
    });
    expect((await transfer("after", [fee]))[0]).toBe(97);
  });

  it("may send a command to an aggregate of an earlier step before it", async () => {
    const bonus = forMethod(deposit, async (call, next) => {
      if (call.request.value === "to-before:5") await app.send(deposit, { value: "before:2" });
      return next(call);
    });
    const [from = 0, to] = await transfer("before", [bonus]);
    expect(to).toBe(5);
    // The command is sent again by itself, and so is the bonus.
    expect([97, 99]).toContain(from);
  });

  it("sees that a command has ended when it is committed, and once", async () => {
    const { store } = given();
    const ended: string[] = [];
    const failed: string[] = [];
    const note: Middleware = () => async (call, next) => {
      const { value } = call.request as StringValue;
      try {
        const result = await next(call);
        ended.push(value);
        return result;
      } catch (error) {
        failed.push(value);
        throw error;
      }
    };
    let isFaster = true;
    const other = given().open([]);
    const transact: RowStore["transact"] = (apply) =>
      store.rows.transact(async (rows) => {
        const result = await apply(rows);
        // Another process is faster, before the commit.
        if (isFaster && rows.append !== undefined) {
          isFaster = false;
          expect(ended).toEqual([]);
          await other.send(deposit, { value: "to-raced:7" });
        }
        return result;
      });
    const rows = Object.assign(Object.create(store.rows), { transact }) as RowStore;
    expect(await transfer("raced", [note], rows)).toEqual([95, 12]);
    expect(isFaster).toBe(false);
    expect(ended.filter((value) => value.endsWith(":5"))).toEqual(["raced:5", "to-raced:5"]);
    expect(failed).toEqual(["to-raced:5", "raced:5"]);
  });
});
