import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type App, createApp } from "../../../app/index.js";
import { declare, TripService } from "../../../app/sagas.fixture.js";
import { PotterError } from "../../../errors/index.js";
import { command, timer } from "../../../saga/saga.fixture.js";
import { memory } from "../../../store/memory/index.js";
import type { Store } from "../../../store/ports/index.js";
import type { Command } from "../command.js";
import { readOptions } from "../options.js";
import type { Target } from "../target.js";
import { fakeTerminal } from "../terminal/fake-terminal.fixture.js";
import { commands } from "./index.js";

const wait = timer("wait", { delay: 3_600_000 });
const hotel = command("hotel", { retry: { maxAttempts: 1, initialDelay: 0, maxDelay: 0 } });

function fail(): never {
  throw new PotterError("failed_precondition", "no");
}

/** An app with the saga of these steps. */
function open(store: Store, steps: Parameters<typeof declare>[0], own: Parameters<typeof declare>[1] = {}): App {
  const service = new TripService();
  return createApp({ store, parts: [declare(steps, own), service.part(steps)] });
}

let store: Store;
let app: App;
beforeEach(async () => {
  store = memory();
  app = open(store, [hotel, { ...wait, after: ["hotel"] }]);
  for (const id of ["a", "b"]) await app.saga("trips.v1.Trip").start({ id });
  for (const id of ["a", "b"]) {
    for await (const { steps } of app.saga("trips.v1.Trip").watch(id)) {
      if (steps.find(({ name }) => name === "wait")?.status === "running") break;
    }
  }
});
afterEach(() => app.stop());

async function potter(...argv: readonly string[]): Promise<{ readonly out: string; readonly err: string }> {
  const [group, verb, ...args] = argv;
  const found = commands.find(({ name }) => name === `${group} ${verb}`) as Command;
  const terminal = fakeTerminal();
  const target = async () => ({ open: async () => app }) as unknown as Target;
  await found.run({ options: readOptions(args, found.options), terminal, target });
  return { out: terminal.written, err: terminal.logged };
}

const parse = (lines: string): unknown[] =>
  lines
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

describe("potter saga", () => {
  it("lists sagas by status, step and age", async () => {
    const { out } = await potter("saga", "list", "Trip");
    expect(out.split("\n").map((line) => line.trim().split(/ {2,}/).slice(0, 3))).toEqual([
      ["ID", "STATUS", "UNDER WAY"],
      ["a", "running", "wait"],
      ["b", "running", "wait"],
      [""],
    ]);
    const ids = async (...options: readonly string[]) =>
      parse((await potter("saga", "list", "trips.v1.Trip", "--json", ...options)).out).map(
        (one) => (one as { id: string }).id,
      );
    expect(await ids("--status", "running,compensating", "--step", "wait")).toEqual(["a", "b"]);
    expect(await ids("--status", "suspended")).toEqual([]);
    expect(await ids("--step", "hotel")).toEqual([]);
    expect(await ids("--idle-since", "1h")).toEqual([]);
    expect(await ids("--started-before", "2100-01-01")).toEqual(["a", "b"]);
    expect(await potter("saga", "list", "Trip", "--limit", "1")).toMatchObject({
      err: "printed the first 1 saga: use --limit for more\n",
    });
  });

  it("lists the sagas of all definitions, each with its name", async () => {
    await app.stop();
    const service = new TripService();
    const parts = ["trips.v1.Trip", "trips.v1.Other"].map((name) => declare([wait], { name }));
    app = createApp({ store: memory(), parts: [...parts, service.part([hotel])] });
    for (const [name, id] of [
      ["Trip", "a"],
      ["Trip", "b"],
      ["Other", "c"],
    ] as const) {
      await app.saga(`trips.v1.${name}`).start({ id });
    }
    const { out, err } = await potter("saga", "list");
    expect(out.split("\n").map((line) => line.trim().split(/ {2,}/).slice(0, 3))).toEqual([
      ["SAGA", "ID", "STATUS"],
      ["trips.v1.Other", "c", "running"],
      ["trips.v1.Trip", "a", "running"],
      ["trips.v1.Trip", "b", "running"],
      [""],
    ]);
    expect(err).toBe("");
    const some = await potter("saga", "list", "--json", "--limit", "2");
    expect(parse(some.out)).toMatchObject([
      { saga: "trips.v1.Other", id: "c" },
      { saga: "trips.v1.Trip", id: "a" },
    ]);
    expect(parse((await potter("saga", "list", "Other", "--json")).out)[0]).not.toHaveProperty("saga");
    const limited = await potter("saga", "list", "--limit", "2");
    expect(limited.err).toBe("printed the first 2 sagas: use --limit for more\n");
    expect((await potter("saga", "list", "--limit", "3")).err).toBe("");
  });

  it("shows the steps and the history of a saga, without its data", async () => {
    const { out } = await potter("saga", "show", "Trip", "a");
    expect(out).toMatch(/^Trip a: running\nversion 1, started 20/);
    expect(out).toMatch(/hotel +done +1 /);
    expect(out).toMatch(/step_done +hotel/);
    const [json] = parse((await potter("saga", "show", "Trip", "a", "--json")).out);
    expect(json).toMatchObject({ id: "a", status: "running", steps: [{ name: "hotel" }, { name: "wait" }] });
    expect(json).not.toHaveProperty("data");
    await expect(potter("saga", "show", "Trip", "c")).rejects.toMatchObject({ code: "not_found" });
  });

  it.each([
    ["its step, if that has failed", "undo hotel 0", {}, ["retry Trip s hotel", "skip Trip s hotel"]],
    ["all of it, if a step could not begin", "", { hotel: { when: fail } }, ["resume Trip s"]],
  ])("shows how to continue a suspended saga: %s", async (_, failing, steps, expected) => {
    await app.stop();
    const service = new TripService();
    service.behaviour.set(failing, fail);
    const part = declare(
      [
        { ...hotel, when: true },
        { ...wait, after: ["hotel"] },
      ],
      {},
      { steps },
    );
    app = createApp({ store: memory(), parts: [part, service.part([hotel])] });
    const control = app.saga("trips.v1.Trip");
    await control.start({ id: "s" });
    for await (const state of control.watch("s")) {
      if (state.status === "suspended") break;
      if (state.status === "running" && state.steps[1]?.status === "running") await control.cancel("s");
    }
    const { out } = await potter("saga", "show", "Trip", "s");
    const [, shown = ""] = /continue it by one of:\n((?: {2}.*\n)+)/.exec(out) ?? [];
    expect(shown).toBe(expected.map((text) => `  potter saga ${text}\n`).join(""));
    expect((await potter("saga", "show", "Trip", "s", "--json")).out).not.toContain("continue it");
  });

  it("pauses, resumes, skips and cancels", async () => {
    expect((await potter("saga", "pause", "Trip", "a")).err).toBe("Trip a paused\n");
    expect(parse((await potter("saga", "list", "Trip", "--paused", "--json")).out)).toHaveLength(1);
    await expect(potter("saga", "pause", "Trip", "a")).rejects.toThrow("it is paused already");
    expect((await potter("saga", "resume", "Trip", "a", "--json")).out).toBe('{"applied":true}\n');
    expect((await potter("saga", "skip", "Trip", "a", "wait")).err).toBe("Trip a continued without the step\n");
    expect((await app.saga("trips.v1.Trip").get("a"))?.status).toBe("completed");
    await expect(potter("saga", "resume", "Trip", "a")).rejects.toThrow("Trip a was not resumed: it has ended");
    await expect(potter("saga", "cancel", "Trip", "a")).rejects.toThrow("Trip a was not cancelled: it has ended");
    await expect(potter("saga", "retry", "Trip", "b", "wait")).rejects.toThrow(
      "nothing there waits for an attempt or a person",
    );
    await expect(potter("saga", "retry", "Trip", "b", "flight")).rejects.toThrow(
      "it has no such step in its version: expected hotel, wait",
    );
    await expect(potter("saga", "skip", "Trip", "b", "Wait")).rejects.toThrow("did you mean wait?");
    await potter("saga", "cancel", "Trip", "b");
    for await (const { status } of app.saga("trips.v1.Trip").watch("b")) if (status === "compensated") break;
    await expect(potter("saga", "resume", "Trip", "c")).rejects.toThrow("there is no saga with this id");
  });

  it("rejects an unknown saga and an unknown status", async () => {
    await expect(potter("saga", "list", "Trop")).rejects.toThrow(/unknown saga Trop.*Trip/);
    await expect(potter("saga", "list", "Trip", "--status", "stuck")).rejects.toThrow(
      "--status must be one of running",
    );
  });

  it("rejects an unknown step, which would list none", async () => {
    await expect(potter("saga", "list", "Trip", "--step", "hotle")).rejects.toThrow(
      'step is "hotle": expected one of hotel, wait',
    );
  });

  it("verifies the journals of running sagas against the definition", async () => {
    expect((await potter("saga", "verify", "Trip")).err).toBe("2 sagas of Trip match this definition\n");
    const reopen = (steps: Parameters<typeof declare>[0], own?: Parameters<typeof declare>[1]) =>
      open(store, steps, own);
    const verify = async (...given: Parameters<typeof reopen>) => {
      const next = reopen(...given);
      const { problems } = await next.saga("trips.v1.Trip").verify();
      return problems.filter(({ id }) => id === "a").map(({ problem }) => problem);
    };
    const later = { ...wait, after: ["hotel"] };
    const flight = command("flight");
    expect(await verify([hotel])).toEqual(["the definition has lost the step wait: it is suspended; restore the step"]);
    expect(await verify([hotel, later, flight])).toEqual([
      "version 1 has a new step flight: give it since_version, and raise the version",
    ]);
    expect(await verify([hotel, later, { ...flight, sinceVersion: 2 }], { version: 2 })).toEqual([]);
    expect(await verify([timer("hotel"), later])).toEqual([
      'the step hotel has done what a step of the kind "timer" does not do',
    ]);
    const other = open(store, [hotel, later, { ...flight, sinceVersion: 2 }], { version: 2 });
    await other.saga("trips.v1.Trip").start({ id: "n" });
    await expect(potter("saga", "verify", "Trip")).rejects.toThrow("1 of 3 sagas of Trip do not match");
  });
});
