import { afterEach, describe, expect, expectTypeOf, it } from "vitest";
import { Deposited, deposit, Opened, open, withdraw } from "../aggregate/account.fixture.js";
import { reaction } from "../engines/index.js";
import { handle } from "../reaction/index.js";
import { memory } from "../store/memory/index.js";
import { Total } from "./total.fixture.js";
import { getBalance, Replica } from "./waits.fixture.js";

describe("app.invoke", () => {
  const replicas: Replica[] = [];
  const start = (options?: ConstructorParameters<typeof Replica>[1]) => {
    const replica = new Replica(memory(), options);
    replicas.push(replica);
    return replica.app;
  };
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map(({ app }) => app.stop()));
  });

  it("resolves when read models include the command, with a position for queries", async () => {
    const app = start();
    const opened = await app.invoke(open, { value: "a" }, { until: { applied: [Total, "Total"] } });
    expect(opened).toEqual({ state: "reached", response: expect.anything(), position: expect.any(String) });
    const { position } = await app.invoke(deposit, { value: "a:5" }, { until: {} });
    expect(await app.query(getBalance, { value: "a" }, { wait: { after: position } })).toMatchObject({ value: "a:5" });
  });

  it("resolves with the first of some events, typed as their union, whatever the service exposes", async () => {
    const app = start({ waits: {} });
    const opened = await app.invoke(open, { value: "a" }, { until: { event: [Opened, Deposited] } });
    expect(opened).toMatchObject({ state: "reached", event: { typeName: "google.protobuf.StringValue" } });
    if (opened.state !== "reached") throw new Error("expected it to be reached");
    expectTypeOf(opened.event?.data.value).toEqualTypeOf<string | number | undefined>();
    expect(opened.event?.data.value).toBe("somebody");
    expectTypeOf(opened.response.value).toEqualTypeOf<number>();
  });

  it("keeps calls apart that are given the same options", async () => {
    const app = start();
    const options = { wait: { until: ["Total"] } };
    const values = ["a", "b", "c"];
    const answers = await Promise.all(
      values.map((value) => app.dispatch(open, open.request.create({ value }), options)),
    );
    const positions = await Promise.all(answers.map(({ wait }) => wait?.position));
    expect(new Set(positions).size).toBe(3);
    expect(answers.map(({ wait }) => wait?.state)).toEqual(["reached", "reached", "reached"]);
    expect(options).toEqual({ wait: { until: ["Total"] } });
  });

  it("is pending when time is over, and is resumed by its token", async () => {
    const app = start();
    await app.start();
    await app.projection(Total).pause();
    const opened = await app.invoke(open, { value: "a" }, { until: { applied: [Total] }, within: 20, user: "u" });
    if (opened.state !== "pending" || opened.token === undefined) throw new Error("expected it to be pending");
    expect(await app.resumeWait(opened.token, { within: 0, user: "u" })).toMatchObject({ state: "pending" });
    await app.projection(Total).resume();
    expect(await app.resumeWait(opened.token, { user: "u" })).toEqual({
      state: "reached",
      position: expect.any(String),
    });
    await expect(app.resumeWait(opened.token)).rejects.toMatchObject({ code: "out_of_range" });
  });

  it("rejects like the command, for a read model that the app does not have, and for what acts on events", async () => {
    const bonus = reaction({ name: "bonus", on: [handle(Deposited, () => {})] });
    const app = start({ parts: [bonus] });
    await app.send(open, { value: "a" });
    await expect(app.invoke(withdraw, { value: "a:9" }, { until: { applied: [Total] } })).rejects.toMatchObject({
      code: "failed_precondition",
    });
    await expect(app.invoke(deposit, { value: "a:9" }, { until: { applied: ["Missing"] } })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(app.invoke(deposit, { value: "a:9" }, { until: { applied: ["bonus"] } })).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("acts on events: a call waits for read models only"),
    });
    await app.waitForProjections();
    expect(await app.query(getBalance, { value: "a" })).toMatchObject({ value: "a:0" });
  });
});
