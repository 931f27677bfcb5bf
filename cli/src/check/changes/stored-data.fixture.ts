// The table of changes against the runtime: a service of the base stores data, a service of the changed contract reads it.
import { PGlite } from "@electric-sql/pglite";
import type { EventToAppend } from "@potter/runtime";
import { pglite } from "@potter/runtime/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Project } from "../../../../generator/src/testing/index.js";
import type { ContractChange } from "./change.fixture.js";
import { eventChanges } from "./event-changes.fixture.js";
import { generateServices, load, type Numbers, Service } from "./service.fixture.js";
import { after, before, changes, changesToRun } from "./table.fixture.js";

/** What a mark means for stored data when a command loads it. */
const outcomes: Readonly<Record<string, string>> = {
  "events breaking": "fails",
  "aggregates breaking": "fails",
  "events dangerous": "loses",
  // What is stored encrypted is read as empty.
  "personal-data breaking": "loses",
  // What is stored already can be read, and is not erased.
  "personal-data dangerous": "keeps",
};

/** Changes for which a run says something else than their mark, and why. */
const exceptions: Readonly<Record<string, string>> = {
  // The upcast of this test finds fewer fields in the new message.
  "a new version supersedes an event": "loses",
  // It is only erased under another identity.
  "another field identifies the data subject": "keeps",
};

/** The mark that says what becomes of stored data. */
function markOf({ marks }: ContractChange): string | undefined {
  const surface = (["events", "aggregates", "personal-data"] as const).find((one) => marks[one] !== undefined);
  return surface && `${surface} ${marks[surface]}`;
}

function outcomeOf(change: ContractChange): string {
  const mark = markOf(change);
  return exceptions[change.name] ?? (mark === undefined ? "keeps" : (outcomes[mark] ?? ""));
}

const chosen = changesToRun(eventChanges, (change) => `${markOf(change)} ${exceptions[change.name]}`);
const numbers = chosen.map((change) => changes.indexOf(change));
let database: PGlite;
let old: Project;
let now: Project;

const place = {
  orderId: "o1",
  note: "fragile",
  lines: [{ sku: "cup", pieces: 3 }],
  channel: 2,
  email: "ada@example.com",
};

/** Stores an event of every kind, and returns the states that they lead to. */
async function storeEvents(at: number): Promise<ReadonlyMap<string, readonly Numbers[]>> {
  const store = pglite({ database });
  const service = new Service(await load(old, at), store);
  const { app, contract } = service;
  await app.start();
  const { place: placeOrder, touch, cancel } = contract["Orders"].methods;
  const { reserve } = contract["Stock"].methods;
  await app.send(placeOrder, place);
  await app.send(touch, { orderId: "o1", alias: "x" });
  await app.send(cancel, { orderId: "o1", reason: "late" });
  await app.send(reserve, { sku: "s1", orderId: "o1" });
  const { definition } = contract["Order"];
  const { type, version, codec } = definition.upcasts.placedV1.from;
  const event = {
    id: `00000000-0000-7000-8000-${String(at).padStart(12, "0")}`,
    definition: { type, version, codec },
    data: codec.create({ orderId: "o0" }),
  } as unknown as EventToAppend;
  const stream = { tenant: "", type: definition.type, id: "o0" };
  const meta = { correlationId: "", causationId: "", metadata: {} };
  await store.events.append({ stream, expectedVersion: 0, events: [event], ...meta });
  await readStates(service);
  await app.stop();
  return service.states;
}

/** Sends commands that load every stream. */
async function readStates({ app, contract }: Service): Promise<void> {
  const { touch } = contract["Orders"].methods;
  const { reserve } = contract["Stock"].methods;
  await app.send(touch, { orderId: "o0", alias: "y" });
  await app.send(touch, { orderId: "o1", alias: "y" });
  await app.send(reserve, { sku: "s1", orderId: "o2" });
}

/** What becomes of stored data: commands fail or see nothing of it, they see less or something else, or they see all of it. */
async function readEvents(at: number): Promise<"fails" | "loses" | "keeps"> {
  const stored = await storeEvents(at);
  const service = new Service(await load(now, at), pglite({ database }));
  try {
    await service.app.start();
    await readStates(service);
  } catch (error) {
    if ((error as { code?: string }).code === undefined) throw error;
    return "fails";
  } finally {
    await service.app.stop();
  }
  const states = [...stored].map(([id, events]) => [events, service.states.get(id) ?? []] as const);
  if (states.some(([events, read]) => events.length > 0 && read.length === 0)) return "fails";
  const isKept = ([events, read]: (typeof states)[number]): boolean =>
    events.every((event, index) =>
      Object.entries(event).every(([number, value]) => isSame(value, read[index]?.[number])),
    );
  return states.every(isKept) ? "keeps" : "loses";
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

describe("stored events, under a contract that has changed", () => {
  beforeAll(async () => {
    [database, old, now] = await Promise.all([
      PGlite.create(),
      generateServices(before, numbers),
      generateServices(after, numbers),
    ]);
  });
  afterAll(async () => {
    await database.close();
    old.remove();
    now.remove();
  });

  it.each(chosen.map((change, index) => [change.name, change, numbers[index] as number] as const))(
    "%s",
    async (_, change, at) => {
      expect(await readEvents(at)).toBe(outcomeOf(change));
    },
  );
});
