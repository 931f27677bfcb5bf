// What no store keeps: the saga ends or is suspended with the reason, and no command is sent again and again.
import { describe, expect, it } from "vitest";
import { deposit } from "../aggregate/account.fixture.js";
import { PotterError } from "../errors/index.js";
import { child, command, type Trip, timer, Visit } from "../saga/saga.fixture.js";
import type { RowStore, RowTransaction } from "../store/ports/index.js";
import { describeSagas } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

describeSagas("sagas that lead to what no store keeps", (given) => {
  it("fail the step of a child saga whose id is too long", async () => {
    const { open, name, outside, status, stateOf } = given();
    const inner = declare([command("look")], { name: `${name}Visit`, codec: Visit as never });
    const steps = [command("hotel"), child("inner", () => inner.saga, { after: ["hotel"] })];
    const start = () => ({ id: "x".repeat(1025) });
    const app = open([inner, declare(steps, { name }, { steps: { inner: { start } } })]);
    await app.saga(name).start({ id: "1" });
    await status(app, "1").toBe("compensated");
    expect(outside.log).toEqual(["hotel", "undo hotel 0"]);
    const reason = "the id of the child saga is longer than allowed";
    expect((await stateOf(app, "1"))?.failure).toEqual({ code: "invalid_argument", reason });
  });

  it("fail the step of a child saga that starts itself without end", async () => {
    const { open, name, status } = given();
    const part: ReturnType<typeof declare> = declare(
      [child("inner", () => part.saga)],
      { name },
      { steps: { inner: { start: ({ id }: Trip) => ({ id: String(Number(id) + 1) }) } } },
    );
    const app = open(part);
    await app.saga(name).start({ id: "0" });
    await status(app, "0").toBe("compensated");
    expect((await app.saga(name).list({ pageSize: 1000 })).items).toHaveLength(101);
  });

  it.each([Number.NaN, 1e18, 1.5, Number.POSITIVE_INFINITY])(
    "are suspended by the time %s of a timer",
    async (time) => {
      const { open, name, outside, status, stateOf } = given();
      const until = (() => time) as never;
      const app = open(declare([command("hotel"), timer("wait", { after: ["hotel"], until })], { name }));
      await app.saga(name).start({ id: "1" });
      await status(app, "1").toBe("suspended");
      expect(await stateOf(app, "1")).toMatchObject({
        failure: { reason: "until of wait has thrown" },
        steps: [{ status: "done" }, { status: "waiting" }],
      });
      expect(outside.log).toEqual(["hotel"]);
    },
  );

  describe("by the outcome of a command", () => {
    /** Rows that refuse data with this text, as if they were too large. */
    const refusing = (inner: RowStore): RowStore => {
      const transact: RowStore["transact"] = (apply) =>
        inner.transact((rows) => {
          const put: RowTransaction["put"] = async (table, tenant, key, row) => {
            const { log = [] } = ((row as { data?: Trip }).data ?? {}) as Partial<Trip>;
            if (log.includes("too large")) throw new PotterError("invalid_argument", "the row is too large");
            await rows.put(table, tenant, key, row);
          };
          const own = Object.create(rows) as typeof rows;
          Object.defineProperty(own, "put", { value: put });
          return apply(own);
        });
      return Object.assign(Object.create(inner), { transact }) as RowStore;
    };

    it("are suspended, and continue when the outcome can be stored", async () => {
      const { open, name, outside, status, stateOf, store } = given();
      let text = "too large";
      const response = (data: Trip) => ({ ...data, log: [...data.log, text] });
      const part = declare([command("hotel")], { name }, { steps: { hotel: { response } } });
      const app = open(part, { rows: refusing(store.rows), options: { lease: 100 } });
      await app.saga(name).start({ id: "1" });
      await status(app, "1").toBe("suspended");
      const reason = "the outcome of hotel cannot be stored";
      expect((await stateOf(app, "1"))?.failure).toEqual({ code: "invalid_argument", reason });
      expect(outside.log).toEqual(["hotel"]);
      text = "small";
      // When its lease is over.
      await expect.poll(async () => (await app.saga(name).retry("1", { step: "hotel" })).applied).toBe(true);
      await status(app, "1").toBe("completed");
      expect(outside.log).toEqual(["hotel", "hotel"]);
    });

    it("carry a local step out by itself if the transaction with all of them cannot be stored", async () => {
      const { open, name, status, store } = given();
      const response = (data: Trip) => ({ ...data, log: [...data.log, "too large"] });
      const { compensation: _, ...add } = command("add", { command: deposit as never });
      const part = declare([add], { name }, { steps: { add: { command: () => ({ value: "a:5" }), response } } });
      const app = open(part, { rows: refusing(store.rows), options: { lease: 100 } });
      const balance = async () => (await app.send(deposit, { value: "a:0" })).value;
      const before = await balance();
      await app.saga(name).start({ id: "1" });
      // That of one command writes its rows next to its events.
      await status(app, "1").toBe("completed");
      expect(await balance()).toBe(before + 5);
    });

    it("keep no outcome of another command from being stored", async () => {
      const { open, name, outside, stateOf, store } = given();
      const response = (data: Trip, { text }: { readonly text: string }) => ({
        ...data,
        log: [...data.log, text === "each b" ? "too large" : text],
      });
      const part = declare([command("each", { forEach: true })], { name }, { steps: { each: { response } } });
      const app = open(part, { rows: refusing(store.rows), options: { lease: 600_000 } });
      await app.saga(name).start({ id: "1", stops: ["a", "b", "c", "d"] });
      await expect
        .poll(async () => [...((await stateOf(app, "1"))?.data.log ?? [])].sort())
        .toEqual(["each a", "each c", "each d"]);
      expect(outside.log).toHaveLength(4);
    });
  });

  it.each([
    ["correlationId", "x".repeat(1025)],
    ["causationId", "x".repeat(1025)],
    ["user", "x".repeat(1025)],
    ["user", "a\ud800"],
  ])("are not started with the %s that no event could have", async (option, value) => {
    const { open, name, stateOf } = given();
    const app = open(declare([command("hotel")], { name }));
    await expect(app.saga(name).start({ id: "1" }, { [option]: value })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    expect(await stateOf(app, "1")).toBeUndefined();
  });

  it("are suspended if the element of a command was erased with its data subject", async () => {
    const { open, name, outside, status } = given();
    const commands = ({ id, email }: Trip) => (email === "" ? [] : [{ id, what: "each", email }]);
    const retry = { maxAttempts: 5, initialDelay: 1, maxDelay: 1 };
    const part = declare([command("each", { forEach: true, retry })], { name }, { steps: { each: { commands } } });
    const app = open(part);
    let asked = 0;
    outside.behaviour.set("each", async () => {
      if (asked++ === 0) await app.eraseSubject(name);
      throw new PotterError("unavailable", "away");
    });
    await app.saga(name).start({ id: name, email: "ada@example.com" });
    await status(app, name).toBe("suspended");
    // No command without content was sent.
    expect(new Set(outside.log)).toEqual(new Set(["each"]));
  });
});
