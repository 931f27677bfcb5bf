import { describe, expect, it } from "vitest";
import { Deposited, deposit, Opened, Withdrawn, withdraw } from "../aggregate/account.fixture.js";
import { ask } from "../app/till.fixture.js";
import { reaction } from "../engines/index.js";
import { PotterError } from "../errors/index.js";
import { isErased } from "../message/index.js";
import { handle } from "../reaction/index.js";
import { sent, specifyReaction } from "./specify-reaction.js";

const bonus = reaction({
  name: "bonus",
  on: [
    handle(Deposited, async ({ value }, ctx) => {
      if (value < 10) return;
      const { value: balance } = await ctx.send(deposit, { value: `${ctx.tenant}:${value / 10}` }, { key: "bonus" });
      if (balance > 100) await ctx.send(withdraw, { value: `${ctx.event.stream.id}:100` });
    }),
    handle(Opened, async (event, ctx) => {
      if (isErased(event)) return;
      const { value } = await ctx.query(ask, { value: event.value });
      void ctx.send(deposit, { value });
    }),
  ],
});
const deposited = (value: number) => ({ definition: Deposited, data: Deposited.codec.create({ value }) });
const opened = { definition: Opened, data: Opened.codec.create({ value: "ada" }) };

describe("specifyReaction", () => {
  it("checks the commands that an event leads to, with their keys", async () => {
    const outcome = await specifyReaction(bonus).when(deposited(50), { tenant: "north" });
    outcome.sends(sent(deposit, { value: "north:5" }, { key: "bonus" }));
    expect(() => outcome.sends(sent(deposit, { value: "north:5" }))).toThrow('"key":"bonus"');
    expect(() => outcome.sendsNothing()).toThrow("expected the reaction to send nothing: []");
    expect(() => outcome.fails()).toThrow("expected the reaction to fail, it sent");
  });

  it("checks that an event leads to none", async () => {
    const outcome = await specifyReaction(bonus).when(deposited(5));
    outcome.sendsNothing();
    expect(() => outcome.sends(sent(deposit, { value: "x" }))).toThrow("found []");
  });

  it("responds to commands and queries", async () => {
    const full = specifyReaction(bonus).given(deposit, { value: 101 });
    (await full.when(deposited(10), { streamId: "a" })).sends(
      sent(deposit, { value: ":1" }, { key: "bonus" }),
      sent(withdraw, { value: "a:100" }),
    );
    const asked = specifyReaction(bonus).given(ask, ({ value }) => ({ value: `${value}:1` }));
    (await asked.when(opened)).sends(sent(deposit, { value: "ada:1" }));
    (await asked.when(opened, { erased: true })).sendsNothing();
  });

  it("checks failures", async () => {
    const refused = specifyReaction(bonus).given(deposit, () => {
      throw new PotterError("not_found", "no account");
    });
    const outcome = await refused.when(deposited(10));
    outcome.fails().fails("not_found");
    expect(() => outcome.fails("internal")).toThrow('found "not_found"');
    expect(() => outcome.sendsNothing()).toThrow("not_found: no account");
    (await specifyReaction(bonus).when(opened)).fails("not_found");
  });

  it("refuses an event that the reaction does not handle", async () => {
    const event = { definition: Withdrawn, data: Withdrawn.codec.create({ value: 1 }) };
    await expect(specifyReaction(bonus).when(event)).rejects.toThrow("does not handle account.withdrawn version 1");
  });
});
