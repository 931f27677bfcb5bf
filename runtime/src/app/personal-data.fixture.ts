import { expect } from "vitest";
import { eventsMethod, type FollowedEvent } from "../aggregate/index.js";
import type { StoreUnderTest } from "../conformance/cases/index.js";
import type { Logger } from "../cqrs/index.js";
import { masterKey, type PersonalDataOptions, uniqueValuesSubject } from "../personal/index.js";
import { memory } from "../store/memory/index.js";
import type { StreamId } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import {
  createLetters,
  createMembers,
  createOrders,
  createOrderViews,
  createQueries,
  get,
  Member,
  move,
  Order,
  Placed,
  place,
  Registered,
  register,
  write,
} from "./member.fixture.js";

/** A store, and a dump of its data as text. */
export interface StoreWithDump extends StoreUnderTest {
  /** undefined: the store keeps no data outside of this process. */
  dump?(): Promise<string>;
}

export interface PersonalCase {
  readonly name: string;
  run(open: () => Promise<StoreWithDump>): Promise<void>;
}

/** Personal values that must not appear in clear text in stored data or logs. */
const secrets = ["ada@example.com", "Markt 7", "Am Anger 3", "bob@example.com", "Schlossgasse"];

const ada: StreamId = { tenant: "", type: "member", id: "ada" };
const parts = (mode: "inline" | "async") => [
  createMembers(),
  createOrders(),
  createOrderViews(mode),
  createLetters(),
  createQueries(),
];

interface Started extends StoreWithDump {
  readonly app: App;
  /** Everything that the app has logged. */
  logged(): string;
  /** Another process. */
  another(personalData?: PersonalDataOptions): Promise<App>;
}

const cases: PersonalCase[] = [];

function personalCase(
  name: string,
  test: (under: Started) => Promise<void>,
  { mode = "inline", personalData }: { mode?: "inline" | "async"; personalData?: PersonalDataOptions } = {},
): void {
  cases.push({
    name,
    async run(open) {
      const under = await open();
      const lines: unknown[] = [];
      const log = (...line: unknown[]) => void lines.push(line);
      const logger: Logger = { debug: log, info: log, warn: log, error: log };
      const create = (store: StoreUnderTest["store"], options: PersonalDataOptions | undefined) =>
        createApp({ parts: parts(mode), store, logger, ...(options && { personalData: options }) });
      const app = create(under.store, personalData);
      const apps = [app];
      try {
        await app.start();
        await test({
          ...under,
          app,
          logged: () => print(lines),
          another: async (options = personalData) => {
            const other = create(await under.peer(), options);
            apps.push(other);
            return other;
          },
        });
        for (const secret of secrets) expect(print(lines)).not.toContain(secret);
        for (const secret of secrets) expect((await under.dump?.()) ?? "").not.toContain(secret);
      } finally {
        for (const one of apps.reverse()) await one.stop();
        await under.close();
      }
    },
  });
}

function print(value: unknown): string {
  return (
    JSON.stringify(value, (_, one: unknown) => (one instanceof Error ? String(one.stack) + print(one.cause) : one)) ??
    ""
  );
}

async function fill(app: App): Promise<void> {
  await app.send(register, { id: "ada", email: "ada@example.com" }, { commandId: "c1" });
  await app.send(move, { id: "ada", city: "Jena", street: "Markt 7" }, { commandId: "c2" });
  await app.send(register, { id: "bob", email: "bob@example.com" });
  await app.send(place, { id: "o1", memberId: "ada", address: "Am Anger 3" }, { commandId: "c3" });
  await app.send(place, { id: "o1", memberId: "bob", address: "Schlossgasse" });
  await app.waitForProjections();
}

const dataOf = async (app: App, aggregate: typeof Member | typeof Order, id: string) =>
  (await app.history(aggregate, id)).map(({ data, erased }) => (erased === true ? { data, erased } : data));

/** Follows the events of all members. Returns a function that reads the next event. */
async function follow(app: App, after: string, signal: AbortSignal) {
  const method = eventsMethod(Member.definition);
  const { response } = await app.dispatch(method, method.request.fromJson({ after }), { signal });
  const events = (response as AsyncIterable<FollowedEvent>)[Symbol.asyncIterator]();
  return async () => {
    const { position, message } = (await events.next()).value as FollowedEvent;
    const { email, address } = message as { readonly email?: string; readonly address?: { readonly street: string } };
    return { position, email, street: address?.street };
  };
}

personalCase("stores no personal data in clear text, and decrypts it for authorized readers", async ({ app, dump }) => {
  await fill(app);
  expect(await dataOf(app, Member, "ada")).toEqual([
    { email: "ada@example.com", plan: "basic" },
    { address: { city: "Jena", street: "Markt 7" } },
  ]);
  const all = await app.store.events.readAll(0, 100);
  expect(all.events.map(({ erased }) => erased)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(await app.query(get, { id: "o1" })).toMatchObject({ memberId: "bob", address: "Am Anger 3; Schlossgasse" });
  expect(await app.send(move, { id: "ada", city: "Jena", street: "Markt 7" }, { commandId: "c2" })).toMatchObject({
    text: "ada@example.com, Markt 7",
  });
  // Data that is not personal stays in clear text.
  if (dump !== undefined) for (const text of ["Jena", "basic", "ada"]) expect(await dump()).toContain(text);
});

personalCase(
  "compares unique values by a keyed hash, and releases them with their subject",
  async ({ app, another }) => {
    const taken = { code: "already_exists", message: "another Member has this email" };
    const asBob = { id: "bob", email: "ada@example.com" };
    await app.send(register, { id: "ada", email: "ada@example.com" });
    await expect(app.send(register, asBob)).rejects.toMatchObject(taken);
    const other = await another();
    await expect(other.send(register, asBob)).rejects.toMatchObject(taken);
    expect(await app.eraseSubject("somebody else")).toBe(false);
    await expect(app.send(register, asBob)).rejects.toMatchObject(taken);
    expect(await other.eraseSubject("ada")).toBe(true);
    await app.send(register, asBob);
    await expect(app.send(register, { id: "eve", email: "ada@example.com" })).rejects.toMatchObject(taken);
    // As left by a process that crashed after it had deleted the key.
    await app.store.keys?.erase({ tenant: "", subject: "bob" });
    expect(await app.eraseSubject("bob")).toBe(false);
    await app.send(register, { id: "eve", email: "ada@example.com" });
    await expect(app.eraseSubject(uniqueValuesSubject)).rejects.toMatchObject({ code: "invalid_argument" });
  },
);

personalCase(
  "stores no personal data in clear text in async read models",
  async ({ app }) => {
    await fill(app);
    expect(await app.query(get, { id: "o1" })).toMatchObject({ address: "Am Anger 3; Schlossgasse", state: "known" });
  },
  { mode: "async" },
);

personalCase("erases a subject, and marks its events as erased wherever they are read", async ({ app }) => {
  await fill(app);
  expect(await app.eraseSubject("ada")).toBe(true);
  expect(await app.eraseSubject("ada")).toBe(false);
  expect(await app.eraseSubject("nobody")).toBe(false);
  expect(await dataOf(app, Member, "ada")).toEqual([
    { data: { plan: "basic" }, erased: true },
    { data: { address: { city: "Jena" } }, erased: true },
  ]);
  expect(await dataOf(app, Order, "o1")).toEqual([
    { data: { id: "o1", memberId: "ada" }, erased: true },
    { id: "o1", memberId: "bob", address: "Schlossgasse" },
  ]);
  expect(await dataOf(app, Member, "bob")).toEqual([{ email: "bob@example.com", plan: "basic" }]);
  const { events } = await app.store.events.readAll(0, 100);
  expect(events.map(({ erased }) => erased)).toEqual([true, true, undefined, true, undefined]);
});

personalCase("delivers no erased data to followers of events", async ({ app }) => {
  await app.send(register, { id: "eve", email: "" });
  const end = new AbortController();
  // The first one keeps the shared reader open.
  const first = await follow(app, "0", end.signal);
  const { position } = await first();
  await fill(app);
  expect([await first(), await first()]).toMatchObject([{ email: "ada@example.com" }, { street: "Markt 7" }]);
  await app.eraseSubject("ada");
  const later = await follow(app, String(position), end.signal);
  expect([await later(), await later()]).toMatchObject([{ email: "" }, { street: "" }]);
  end.abort();
});

personalCase("replays a recorded response without erased data", async ({ app }) => {
  await fill(app);
  await app.eraseSubject("ada");
  expect(await app.send(register, { id: "ada", email: "ada@example.com" }, { commandId: "c1" })).toMatchObject({
    id: "ada",
    text: "",
  });
});

personalCase("records no personal fields of a response without a known subject", async ({ app }) => {
  const letter = { id: "17", text: "Markt 7" };
  expect(await app.send(write, letter, { commandId: "l1" })).toMatchObject({ to: "Markt 7", number: "17" });
  expect(await app.send(write, letter, { commandId: "l1" })).toMatchObject({ to: "", number: "17" });
});

personalCase("rebuilds the state from the remaining data instead of a snapshot", async ({ app }) => {
  await fill(app);
  await settle();
  await app.eraseSubject("ada");
  // The member has a snapshot of two events; that of the order holds data of both members.
  expect(await app.send(move, { id: "ada", city: "Ulm" })).toMatchObject({ text: "(erased), (erased), " });
  expect(await app.send(place, { id: "o1", memberId: "bob", address: "" })).toMatchObject({
    text: "(erased), Schlossgasse, ",
  });
  expect(await app.send(move, { id: "bob", city: "Ulm" })).toMatchObject({ text: "bob@example.com, " });
});

personalCase("uses a snapshot until one of its subjects is erased", async ({ app, another }) => {
  await fill(app);
  await settle();
  const { events } = app.store;
  const { snapshot } = await events.loadStream(ada, { stateVersion: 1 });
  expect(new TextDecoder().decode(snapshot?.state)).toBe('["ada@example.com","Markt 7"]');
  const other = (await another()).store.events;
  expect((await other.loadStream({ ...ada, type: "order", id: "o1" }, { stateVersion: 1 })).snapshot?.version).toBe(2);
});

personalCase("skips, reports and replaces a damaged snapshot", async ({ app, store, logged }) => {
  await fill(app);
  await settle();
  const sealedState = async () =>
    (await store.events.loadStream(ada, { stateVersion: 1 })).snapshot?.state as Uint8Array;
  const whole = await sealedState();
  // In clear text, truncated, of another subject, with a changed ciphertext.
  const foreign = whole.map((byte, i) => (i === whole.indexOf(97) ? 98 : byte));
  for (const state of [new Uint8Array([7]), whole.slice(0, 3), foreign, whole.with(whole.length - 1, 0)]) {
    await store.events.saveSnapshot(ada, { version: 2, stateVersion: 1, state });
    const before = logged().split("a snapshot cannot be read").length;
    // Records no event, so that no other snapshot is due.
    expect(await app.store.events.loadStream(ada, { stateVersion: 1 })).toMatchObject({ unreadableSnapshot: 2 });
    await expect(app.send(move, { id: "ada" }, { expectedVersion: 3 })).rejects.toMatchObject({ code: "aborted" });
    await settle();
    expect(logged().split("a snapshot cannot be read").length).toBe(before + 1);
    const { snapshot } = await app.store.events.loadStream(ada, { stateVersion: 1 });
    expect(new TextDecoder().decode(snapshot?.state)).toBe('["ada@example.com","Markt 7"]');
  }
  await app.eraseSubject("ada");
  expect(await app.store.events.loadStream(ada, { stateVersion: 1 })).not.toHaveProperty("unreadableSnapshot");
});

personalCase("refuses personal data of an erased subject until the subject is readmitted", async ({ app }) => {
  await fill(app);
  await app.eraseSubject("ada");
  await expect(app.send(move, { id: "ada", city: "Ulm", street: "Markt 7" })).rejects.toMatchObject({
    code: "failed_precondition",
    message: "this subject was erased, so its personal data is not recorded: call app.readmitSubject(subject) first",
  });
  await app.send(move, { id: "ada", city: "Ulm" });
  expect(await app.readmitSubject("ada")).toBe(true);
  expect(await app.readmitSubject("ada")).toBe(false);
  await app.send(move, { id: "ada", city: "Gera", street: "Markt 7" });
  expect(await dataOf(app, Member, "ada")).toEqual([
    { data: { plan: "basic" }, erased: true },
    { data: { address: { city: "Jena" } }, erased: true },
    { address: { city: "Ulm" } },
    { address: { city: "Gera", street: "Markt 7" } },
  ]);
});

personalCase("reads rows without the data of an erased subject", async ({ app }) => {
  await fill(app);
  await app.send(place, { id: "o2", memberId: "ada", address: "Am Anger 3" });
  await app.eraseSubject("ada");
  expect(await app.query(get, { id: "o2" })).toMatchObject({ memberId: "ada", address: "", state: "known" });
  // Bob's event wrote the row last, so bob is its subject.
  expect(await app.query(get, { id: "o1" })).toMatchObject({ memberId: "bob", address: "Am Anger 3; Schlossgasse" });
});

personalCase("refuses to filter by an encrypted field", async ({ app }) => {
  await fill(app);
  await expect(app.query(get, { address: "Markt 7" })).rejects.toMatchObject({
    code: "unimplemented",
    message: "club.v1.OrderView cannot be filtered by address: it is personal, so its values are stored encrypted",
  });
});

personalCase("uses separate keys for one subject of two tenants", async ({ app }) => {
  for (const tenant of ["north", "south"]) {
    await app.send(register, { id: "ada", email: "ada@example.com" }, { tenant });
  }
  await app.eraseSubject("ada", "north");
  const read = async (tenant: string) => (await app.history(Member, "ada", tenant)).map(({ data }) => data);
  expect(await read("north")).toEqual([{ plan: "basic" }]);
  expect(await read("south")).toEqual([{ email: "ada@example.com", plan: "basic" }]);
});

personalCase(
  "notices an erasure by another process within the time to live",
  async ({ app, another }) => {
    await fill(app);
    const other = await another();
    expect((await dataOf(other, Member, "ada"))[0]).toEqual({ email: "ada@example.com", plan: "basic" });
    await app.eraseSubject("ada");
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect((await dataOf(other, Member, "ada"))[0]).toEqual({ data: { plan: "basic" }, erased: true });
    await app.readmitSubject("ada");
    await app.send(move, { id: "ada", city: "Gera", street: "Markt 7" });
    expect((await dataOf(other, Member, "ada")).at(-1)).toEqual({ address: { city: "Gera", street: "Markt 7" } });
  },
  { personalData: { keyTtl: 100 } },
);

personalCase(
  "refuses ciphertexts that were moved or changed, and reports only their location",
  async ({ app, store }) => {
    await fill(app);
    const raw = await store.events.readStream(ada);
    const [first] = raw;
    const bytes = first?.bytes as Uint8Array;
    const changed = bytes.slice();
    changed[changed.length - 10] = (changed[changed.length - 10] as number) ^ 1;
    const append = (id: string, expectedVersion: number, stored: Uint8Array) =>
      store.events.append({
        stream: { ...ada, id },
        expectedVersion,
        events: [{ id: crypto.randomUUID(), definition: Registered, data: undefined, bytes: stored }],
        correlationId: "",
        causationId: "",
        metadata: {},
      });
    await append("ada", 2, bytes);
    await append("eve", 0, bytes);
    await append("mallory", 0, changed);
    const failure = async (id: string) => app.history(Member, id).then(undefined, (error: unknown) => print(error));
    for (const [id, version] of [
      ["ada", 3],
      ["eve", 1],
      ["mallory", 1],
    ] as const) {
      const message = await failure(id);
      expect(message).toContain(`of version ${version} of the stream member ${id} `);
      for (const secret of secrets) expect(message).not.toContain(secret);
      await expect(app.history(Member, id)).rejects.toMatchObject({ code: "data_loss" });
    }
  },
);

const [first, second] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

personalCase(
  "rewraps keys with another master key, or with the first",
  async ({ app, another, store }) => {
    await fill(app);
    expect(await app.rewrapKeys()).toBe(0);
    const wrong = await another({ wrap: masterKey({ id: "m1", key: second }) });
    await expect(wrong.history(Member, "ada")).rejects.toMatchObject({ code: "failed_precondition" });
    const next = await another({ wrap: masterKey({ id: "m2", key: second, previous: { m1: first } }) });
    expect((await dataOf(next, Member, "ada"))[0]).toEqual({ email: "ada@example.com", plan: "basic" });
    // The keys of ada and bob, and the key of the unique values.
    expect(await next.rewrapKeys()).toBe(3);
    expect(await next.rewrapKeys()).toBe(0);
    const alone = await another({ wrap: masterKey({ id: "m2", key: second }) });
    expect((await dataOf(alone, Member, "ada"))[0]).toEqual({ email: "ada@example.com", plan: "basic" });
    expect(await store.keys?.find([{ tenant: "", subject: "ada" }])).toMatchObject([{ wrapped: { wrappedBy: "m2" } }]);
  },
  { personalData: { wrap: masterKey({ id: "m1", key: first }) } },
);

personalCase("wraps keys that were stored unwrapped", async ({ app, another }) => {
  await fill(app);
  await expect(app.rewrapKeys()).rejects.toMatchObject({ code: "failed_precondition" });
  const wrapped = await another({ wrap: masterKey({ id: "m1", key: first }) });
  expect(await wrapped.rewrapKeys()).toBe(3);
  const other = await another({ wrap: masterKey({ id: "m1", key: first }) });
  expect((await dataOf(other, Member, "ada"))[0]).toEqual({ email: "ada@example.com", plan: "basic" });
});

personalCase("reads events recorded before their fields were personal", async ({ app, store }) => {
  const data = Placed.codec.create({ id: "o9", memberId: "", address: "in the open" });
  await store.events.append({
    stream: { tenant: "", type: "order", id: "o9" },
    expectedVersion: 0,
    events: [{ id: crypto.randomUUID(), definition: Placed, data }],
    correlationId: "",
    causationId: "",
    metadata: {},
  });
  await app.eraseSubject("o9");
  expect(await dataOf(app, Order, "o9")).toEqual([{ id: "o9", address: "in the open" }]);
});

personalCase("encrypts events that are imported from another store", async ({ app }) => {
  await fill(app);
  const store = memory();
  const other = createApp({ parts: parts("inline"), store });
  await other.start();
  expect(await other.store.events.importEvents((await app.store.events.readAll(0, 100)).events)).toBe(5);
  expect(await dataOf(other, Member, "ada")).toEqual(await dataOf(app, Member, "ada"));
  const raw = (await store.events.readAll(0, 100)).events;
  expect(raw.map(({ data }) => data)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  const kept = raw.map(({ bytes }) => Buffer.from(bytes ?? []).toString("utf8")).join();
  for (const secret of secrets) expect(kept).not.toContain(secret);
  await other.eraseSubject("ada");
  expect((await other.history(Member, "ada")).map(({ erased }) => erased)).toEqual([true, true]);
  await other.stop();
});

/** Snapshots are saved in the background. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

export const personalCases: readonly PersonalCase[] = cases;
