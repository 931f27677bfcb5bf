// What callers pass to the control of sagas without types, or with a cast.
import { expect, it } from "vitest";
import type { SagaControl } from "../saga/index.js";
import { command, event, type Trip } from "../saga/saga.fixture.js";
import { describeSagas } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

/** A control without the types of its arguments. */
type Untyped = { readonly [K in keyof SagaControl]: (...given: readonly unknown[]) => Promise<unknown> };

const isWhole = "expected a whole number";
const statuses = "expected one or more of running, compensating, completed, compensated, suspended";
const signal = "signal is an object: expected an AbortSignal";

describeSagas("the control of sagas", (given) => {
  const open = () => {
    const { name } = given();
    const app = given().open(declare([event("wait"), command("hotel")], { name }));
    return { app, name, control: app.saga(name) as unknown as Untyped };
  };
  const refused = (message: string) => ({ code: "invalid_argument", message });

  it.each([
    [{ startedBefore: "2020" }, 'startedBefore is "2020": expected a valid Date'],
    [{ idleSince: new Date("soon") }, "idleSince is Invalid Date: expected a valid Date"],
    [{ idleSince: 0 }, "idleSince is 0: expected a valid Date"],
    [{ status: "stuck" }, `status is "stuck": ${statuses}`],
    [{ status: ["running", 7] }, `status is 7: ${statuses}`],
    [{ status: [] }, `status is an empty list: ${statuses}`],
    [{ step: ["wait"] }, "step is a list: expected a text"],
    [{ step: "Wait" }, 'step is "Wait": expected one of wait, hotel'],
    [{ paused: "true" }, 'paused is "true": expected true or false'],
    [{ pageSize: 1.5 }, `pageSize is 1.5: ${isWhole}`],
    [{ pageSize: "10" }, `pageSize is "10": ${isWhole}`],
    [{ pageSize: Number.NaN }, `pageSize is NaN: ${isWhole}`],
    [{ pageSize: -1 }, "page_size must not be negative"],
    [{ pageToken: 7 }, "pageToken is 7: expected a text"],
    [{ tenant: 7 }, "tenant is 7: expected a text"],
    ["running", 'the options argument is "running": expected an object such as { tenant: … }'],
    [null, "the options argument is null: expected an object such as { tenant: … }"],
  ])("lists none by %j", async (filter, message) => {
    await expect(open().control.list(filter)).rejects.toMatchObject(refused(message));
  });

  it.each(["get", "cancel", "pause", "resume", "retry", "skip"] as const)(
    "refuses ids that are none: %s",
    async (verb) => {
      const { control } = open();
      for (const [id, found] of [
        [undefined, "undefined"],
        ["", '""'],
        [4711, "4711"],
      ]) {
        const message = `the id of the saga is ${found}: expected a text that is not empty`;
        await expect(control[verb](id, ...(verb === "skip" ? ["wait"] : []))).rejects.toMatchObject(refused(message));
      }
      const owner = verb === "skip" ? ["wait", { tenant: 7 }] : [{ tenant: 7 }];
      await expect(control[verb]("1", ...owner)).rejects.toMatchObject(refused("tenant is 7: expected a text"));
    },
  );

  it("watches no saga without an id, nor by what is no signal", async () => {
    const { app, name } = open();
    const watch = (...args: readonly unknown[]) =>
      (app.saga(name).watch as (...args: readonly unknown[]) => AsyncIterable<unknown>)(...args)[
        Symbol.asyncIterator
      ]();
    const message = 'the id of the saga is "": expected a text that is not empty';
    await expect(watch("").next()).rejects.toMatchObject(refused(message));
    await expect(watch("1", { signal: {} }).next()).rejects.toMatchObject(refused(signal));
  });

  it("does not take the name of a step for options, which would repeat all steps", async () => {
    const { app, control, name } = open();
    await app.saga(name).start({ id: "1" });
    const message = 'the options argument is "hotel": expected an object such as { step: … }';
    await expect(control.retry("1", "hotel")).rejects.toMatchObject(refused(message));
    await expect(control.retry("1", { step: 0 })).rejects.toMatchObject(refused("step is 0: expected a text"));
    await expect(control.skip("1")).rejects.toMatchObject(
      refused("the step is undefined: expected a text that is not empty"),
    );
    await expect(control.verify("north")).rejects.toMatchObject({ code: "invalid_argument" });
    await expect(control.counts({ tenant: null })).rejects.toMatchObject(refused("tenant is null: expected a text"));
  });

  it("starts nothing with what is no data of the saga, nor for a user that is none", async () => {
    const { app, control, name } = open();
    for (const verb of ["start", "run"] as const) {
      await expect(control[verb]("1")).rejects.toMatchObject(refused(`the data of a saga is "1": expected a ${name}`));
      await expect(control[verb](undefined)).rejects.toMatchObject({ code: "invalid_argument" });
      await expect(control[verb]({ id: "1", until: "soon" })).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringMatching(`^the data of the saga is no ${name}: `),
      });
      await expect(control[verb]({ id: "1" }, { user: 7 })).rejects.toMatchObject(
        refused("user is 7: expected a text"),
      );
    }
    await expect(control.run({ id: "1" } satisfies Partial<Trip>, { signal: {} })).rejects.toMatchObject(
      refused(signal),
    );
    expect(await app.saga(name).get("1")).toBeUndefined();
  });

  it("is not that of what is no saga", () => {
    const { app } = open();
    for (const reference of [undefined, {}, { definition: {} }]) {
      expect(() => app.saga(reference as never)).toThrow(
        expect.objectContaining({
          code: "invalid_argument",
          message: expect.stringContaining("a saga of the contract"),
        }),
      );
    }
  });
});
