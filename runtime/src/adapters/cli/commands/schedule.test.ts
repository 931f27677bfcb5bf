import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAccount, deposit } from "../../../aggregate/account.fixture.js";
import { type App, createApp } from "../../../app/index.js";
import { charge, createTill } from "../../../app/till.fixture.js";
import { schedule, scheduledCommands } from "../../../engines/index.js";
import { PotterError } from "../../../errors/index.js";
import { memory } from "../../../store/memory/index.js";
import type { Command } from "../command.js";
import { readOptions } from "../options.js";
import type { Target } from "../target.js";
import { fakeTerminal } from "../terminal/fake-terminal.fixture.js";
import { commands } from "./index.js";

const at = new Date("2999-01-01T00:00:00Z");
const times = { text: "once", next: (after: Date) => (after < at ? at : undefined) };

let app: App;
beforeEach(async () => {
  const till = createTill({
    charge: async () => {
      throw new PotterError("not_found", "no such card");
    },
  });
  app = createApp({
    store: memory(),
    parts: [
      createAccount(),
      ...till,
      scheduledCommands({ methods: [deposit, charge], retries: 0 }),
      schedule({ name: "report", times, method: charge, request: () => ({ value: "" }) }),
    ],
  });
  await app.schedules.schedule(deposit, { value: "a:5" }, { at, id: "first" });
  await app.schedules.schedule(deposit, { value: "b:5" }, { at, id: "other", tenant: "north" });
  await app.schedules.schedule(charge, { value: "secret" }, { in: 0, id: "bad" });
  await expect.poll(async () => (await app.schedules.list()).map(({ next }) => next)).toEqual([at, undefined]);
});
afterEach(() => app.stop());

async function potter(
  verb: string,
  ...args: readonly string[]
): Promise<{ readonly out: string; readonly err: string }> {
  const found = commands.find(({ name }) => name === `schedule ${verb}`) as Command;
  const terminal = fakeTerminal();
  const target = async () => ({ open: async () => app }) as unknown as Target;
  await found.run({ options: readOptions(args, found.options), terminal, target });
  return { out: terminal.written, err: terminal.logged };
}

const cells = (out: string) =>
  out
    .trimEnd()
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/));
const idsOf = (out: string) =>
  out
    .split("\n")
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { readonly id: string }).id);

describe("potter schedule", () => {
  it("lists commands of a tenant, without their requests", async () => {
    const { out } = await potter("list");
    const time = expect.stringMatching(/^20..-/);
    expect(cells(out)).toEqual([
      ["ID", "METHOD", "AT", "ATTEMPTS", "NEXT", "ERROR"],
      ["first", "test.v1.AccountService.Deposit", at.toISOString(), "0", at.toISOString()],
      ["bad", "test.v1.Till.Charge", time, "1", "not_found"],
    ]);
    expect(out).not.toContain("secret");
    expect(idsOf((await potter("list", "--json", "--failed")).out)).toEqual(["bad"]);
    expect(idsOf((await potter("list", "--json", "--method", "Deposit")).out)).toEqual(["first"]);
    expect(idsOf((await potter("list", "--json", "--tenant", "north")).out)).toEqual(["other"]);
    expect((await potter("list", "--limit", "1")).err).toBe("printed the first 1 command: use --limit for more\n");
  });

  it("cancels and retries commands", async () => {
    expect((await potter("cancel", "first")).err).toBe("first cancelled\n");
    await expect(potter("cancel", "first")).rejects.toMatchObject({
      code: "not_found",
      message: "no scheduled command first: there is none, or it was sent, or it is being sent",
    });
    await expect(potter("cancel", "other")).rejects.toMatchObject({ code: "not_found" });
    expect(await potter("cancel", "other", "--tenant", "north", "--json")).toEqual({
      out: '{"applied":true}\n',
      err: "",
    });
    expect((await potter("retry", "bad")).err).toBe("bad is due now\n");
    await expect(potter("retry", "none")).rejects.toThrow("there is none that waits for a person");
  });

  it("lists recurring commands", async () => {
    expect(cells((await potter("recurring")).out)).toEqual([
      ["NAME", "OCCURRENCE", "ATTEMPTS", "ERROR"],
      ["report", at.toISOString(), "0"],
    ]);
    expect(JSON.parse((await potter("recurring", "--json")).out)).toEqual({
      name: "report",
      occurrence: at.toISOString(),
      attempts: 0,
    });
  });
});
