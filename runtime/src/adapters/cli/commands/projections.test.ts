// Commands for projections and data subjects open the app, and begin none of its work.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createAccount, Deposited, deposit, open } from "../../../aggregate/account.fixture.js";
import { type App, createApp } from "../../../app/index.js";
import { declare } from "../../../app/sagas.fixture.js";
import { charge, createTill } from "../../../app/till.fixture.js";
import { queries, totals } from "../../../app/total.fixture.js";
import { type Part, reaction, scheduledCommands } from "../../../engines/index.js";
import type { EventDefinition } from "../../../message/index.js";
import { handle } from "../../../reaction/index.js";
import { command, timer } from "../../../saga/saga.fixture.js";
import { memory } from "../../../store/memory/index.js";
import type { Store } from "../../../store/ports/index.js";
import { virtualClock } from "../../../testing/index.js";
import type { Command } from "../command.js";
import { readOptions } from "../options.js";
import type { Target } from "../target.js";
import { fakeTerminal } from "../terminal/fake-terminal.fixture.js";
import { commands } from "./index.js";

const hour = 3_600_000;
const total = "google.protobuf.StringValue";
const trip = declare(
  [timer("wait", { delay: hour }), command("hotel", { after: ["wait"] })],
  { startsOn: Deposited as EventDefinition },
  { start: ({ value }: { readonly value: number }) => ({ id: String(value) }) },
);

let clock: ReturnType<typeof virtualClock>;
let store: Store;
/** What parts of the app have done. */
let log: string[];
let isFaulty: boolean;
const apps: App[] = [];

/** Opens the store for an app of these parts, or of the whole service. */
function create(parts?: readonly Part[]): App {
  const { name, events, rows, projections, keys } = store;
  const nothing = async () => {};
  const service = [
    createAccount(),
    totals({ fail: () => isFaulty }),
    queries,
    trip,
    reaction({ name: "bonus", on: [handle(Deposited, async ({ value }) => void log.push(`bonus ${value}`))] }),
    scheduledCommands({ methods: [charge] }),
    ...createTill({
      charge: ({ value }) => {
        log.push(`charge ${value}`);
        return { value };
      },
    }),
  ];
  const app = createApp({
    store: { name, events, rows, projections, ...(keys && { keys }), start: nothing, stop: nothing },
    clock,
    parts: parts ?? service,
    sagas: {
      call: async ({ name: method }) => {
        log.push(method);
        return { text: "" };
      },
    },
  });
  apps.push(app);
  return app;
}

beforeEach(async () => {
  clock = virtualClock();
  store = memory({ clock });
  await store.start();
  log = [];
  isFaulty = true;
  const service = create();
  await service.send(open, { value: "a" });
  await service.send(deposit, { value: "a:5" });
  await service.schedules.schedule(charge, { value: "card" }, { in: hour });
  const handled = async () => [log, (await service.saga("trips.v1.Trip").get("5"))?.status];
  await expect.poll(handled).toEqual([["bonus 5"], "running"]);
  await expect.poll(() => service.projection(total).deadLetters()).toHaveLength(1);
  await service.stop();
  // Work for each part of the service, which does not run: an event, a timer and a scheduled command.
  await create([createAccount()]).send(deposit, { value: "a:6" });
  clock.advance(2 * hour);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(apps.splice(0).map((app) => app.stop()));
  await store.stop();
});

/** Runs a command in a process of its own. */
async function potter(name: string, ...args: readonly string[]) {
  const app = create();
  const found = commands.find((one) => one.name === name) as Command;
  const terminal = fakeTerminal();
  const target = async () =>
    ({
      async open() {
        await app.open();
        return app;
      },
    }) as unknown as Target;
  await found.run({ options: readOptions(args, found.options), terminal, target });
  await app.stop();
  return { out: terminal.written, err: terminal.logged };
}

it("they show and change the projections of a service that does not run, and begin no work", async () => {
  const due = vi.spyOn(store.rows, "due");
  const heartbeat = vi.spyOn(store.projections, "heartbeat");
  const register = vi.spyOn(store.projections, "register");
  const { out } = await potter("projections list");
  const cells = out.split("\n").map((line) => line.split(/ {2,}/));
  expect(cells.slice(1, -1)).toEqual([
    [total, "1", "live", "2", "1", "1"],
    ["bonus", "1", "live", "2", "1", "0"],
    ["saga:trips.v1.Trip", "1", "live", "2", "1", "0"],
  ]);
  expect((await potter("projections dead-letters", "StringValue")).out).toContain("account/a");
  expect((await potter("projections retry", "StringValue")).err).toBe("retrying 1 key\n");
  expect((await potter("projections discard", "StringValue", "account/a")).err).toBe("discarded 1 event\n");
  for (const name of ["StringValue", "bonus", "saga:trips.v1.Trip"]) {
    expect((await potter("projections pause", name)).err).toBe(`${name} paused\n`);
    expect((await potter("projections resume", name)).err).toBe(`${name} resumed\n`);
  }
  expect((await potter("projections rebuild", "StringValue", "--no-wait")).err).toBe("build 2 started\n");
  expect((await potter("subjects erase", "ada")).err).toContain("it is marked as erased");
  await expect(potter("projections rebuild", "bonus")).rejects.toThrow("it cannot be rebuilt");
  await expect(potter("projections pause", "Stock")).rejects.toThrow("unknown read model Stock");
  expect([due, heartbeat, register].map(({ mock }) => mock.calls)).toEqual([[], [], []]);
  expect(log).toEqual(["bonus 5"]);
});

it("a rebuild works on its projection only", async () => {
  const due = vi.spyOn(store.rows, "due");
  const heartbeat = vi.spyOn(store.projections, "heartbeat");
  isFaulty = false;
  expect((await potter("projections rebuild", "StringValue")).err).toMatch(/^rebuilt .*, new build promoted/);
  expect(due.mock.calls).toEqual([]);
  expect(new Set(heartbeat.mock.calls.flatMap(([, names]) => names))).toEqual(new Set([total]));
  expect(log).toEqual(["bonus 5"]);
  await expect(create().open({ work: ["bonus"] })).rejects.toMatchObject({ code: "invalid_argument" });

  // What was left is done by the service.
  const service = create();
  await service.start();
  await expect.poll(() => [...log].sort()).toEqual(["bonus 5", "bonus 6", "charge card", "hotel"]);
  expect(
    service.projections.map(({ name, generation, deadLetters }) => [name, generation, deadLetters]),
  ).toContainEqual([...[total, 2, 0]]);
});

it("say that a projection has not run yet", async () => {
  const { name } = store;
  const { projections } = memory();
  store = { ...store, name, events: store.events, rows: store.rows, projections };
  await expect(potter("projections pause", "StringValue")).rejects.toThrow(
    `no process has run ${total} in this version yet: start the service`,
  );
});
