import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { open } from "../aggregate/account.fixture.js";
import { silentLogger } from "../cqrs/index.js";
import { masterKey, pageTokensSubject } from "../personal/index.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import type { AppOptions } from "./app-options.js";
import { createApp } from "./create-app.js";
import { type ListRequest, listByText, listRows, pagedParts, searchRows } from "./paged.fixture.js";

const wrong = {
  code: "invalid_argument",
  message: expect.stringMatching(/^page_token is not of this list: send the next_page_token of the page before/),
  violations: [{ field: "page_token", rule: "page" }],
};

let store: Store;
let app: App;
const apps: App[] = [];

/** Another process on the same store. */
function start(options: Partial<AppOptions> = {}, changed: Partial<Store> = {}): App {
  const { name, events, rows, projections, schemas, states, keys } = store;
  const shared = {
    name,
    events,
    rows,
    projections,
    schemas,
    states,
    keys,
    start: async () => {},
    stop: async () => {},
  };
  const started = createApp({ parts: pagedParts(), store: { ...shared, ...changed } as Store, ...options });
  apps.push(started);
  return started;
}
const list = (request: Partial<ListRequest>, by = app, options: { tenant?: string } = {}) =>
  by.query(listRows, { pageSize: 2, room: "north", ...request }, options);
const byText = (value: string, by = app) => by.query(listByText, { value });
const keyId = { tenant: "", subject: pageTokensSubject };

const stores = Object.entries({ memory, pglite: () => pglite() });

/** Opens a store with rows and an app on it, for the tests of a group. */
function prepare(openStore: () => Store): void {
  beforeAll(async () => {
    store = openStore();
    await store.start();
    app = start();
    apps.pop();
    for (const room of ["north", "south"]) {
      for (let i = 1; i <= 5; i++) {
        await app.send(open, { value: `${room}-${i}` });
        await app.send(open, { value: `${room}-${i}` }, { tenant: "t" });
      }
    }
  });
  afterEach(() => Promise.all(apps.splice(0).map((one) => one.stop())));
  afterAll(async () => {
    await app.stop();
    await store.stop();
  });
}

describe.each(stores)("page tokens on %s", (_, openStore) => {
  prepare(openStore);

  it("page through a list, with pages of any size", async () => {
    const first = await list({});
    expect(first.ids).toEqual(["north-1", "north-2"]);
    const second = await list({ pageSize: 1, pageToken: first.nextPageToken });
    expect(second.ids).toEqual(["north-3"]);
    const last = await list({ pageSize: 9, pageToken: second.nextPageToken, skip: 1 });
    expect([last.ids, last.nextPageToken]).toEqual([["north-4", "north-5"], ""]);
  });

  it("reveal nothing about the rows", async () => {
    const { nextPageToken } = await list({});
    expect(Buffer.from(nextPageToken, "base64url").toString("latin1")).not.toMatch(/north|-2/);
  });

  it.each([
    ["made by a caller", () => btoa("north-2")],
    ["made by a caller in another alphabet", () => Buffer.from("north-2").toString("base64url")],
    ["that was changed", (token: string) => `${token.slice(0, 30)}${token[30] === "A" ? "B" : "A"}${token.slice(31)}`],
    ["that was truncated", (token: string) => token.slice(0, -4)],
    ["that is not base64url", () => "%%%"],
    ["that is too long", (token: string) => token + "A".repeat(1_000_000)],
  ])("are refused when the token is one %s", async (_, forge) => {
    const { nextPageToken } = await list({});
    await expect(list({ pageToken: forge(nextPageToken) })).rejects.toMatchObject(wrong);
  });

  it.each<[string, Partial<ListRequest>]>([
    ["value that rows must equal", { room: "south" }],
    ["bound of rows", { least: 1 }],
    ["argument that does not filter rows", { note: "in Greek" }],
    ["map", { labels: { a: "2", b: "1" } }],
  ])("are refused with another %s", async (_, changed) => {
    const { nextPageToken } = await list({ labels: { a: "1", b: "2" } });
    expect((await list({ labels: { b: "2", a: "1" }, pageToken: nextPageToken })).ids).toEqual(["north-3", "north-4"]);
    await expect(list({ labels: { a: "1", b: "2" }, pageToken: nextPageToken, ...changed })).rejects.toMatchObject(
      wrong,
    );
  });

  it("are refused by other methods and for other tenants", async () => {
    const { nextPageToken } = await list({});
    const request = { pageSize: 2, room: "north", pageToken: nextPageToken };
    await expect(app.query(searchRows, request)).rejects.toMatchObject(wrong);
    await expect(list({ pageToken: nextPageToken }, app, { tenant: "t" })).rejects.toMatchObject(wrong);
    const ofTenant = await list({}, app, { tenant: "t" });
    await expect(list({ pageToken: ofTenant.nextPageToken })).rejects.toMatchObject(wrong);
  });

  it("are refused by other read models and for other rows, wherever a request holds its token", async () => {
    const { nextPageToken } = await byText("rows|north|2|");
    expect((await byText(`rows|north|3|${nextPageToken}`)).ids).toEqual(["north-3", "north-4", "north-5"]);
    await expect(byText(`others|north|2|${nextPageToken}`)).rejects.toMatchObject(wrong);
    await expect(byText(`rows|south|2|${nextPageToken}`)).rejects.toMatchObject(wrong);
  });

  it("stay valid if the bound of a handler moves from page to page", async () => {
    let present = 0;
    const moving = start({ parts: pagedParts(() => present++) });
    const { nextPageToken } = await byText("rows|north|2|", moving);
    expect((await byText(`rows|north|2|${nextPageToken}`, moving)).ids).toEqual(["north-3", "north-4"]);
  });

  it("read no key from the store if there is no second page, and one key if there is", async () => {
    const find = vi.fn(store.keys?.find.bind(store.keys));
    const keys = { ...store.keys, find, create: store.keys?.create.bind(store.keys) } as never;
    const counted = start({}, { keys });
    expect((await list({ pageSize: 5 }, counted)).ids).toHaveLength(5);
    expect(find).not.toHaveBeenCalled();
    for (let i = 0; i < 3; i++) await list({}, counted);
    expect(find).toHaveBeenCalledOnce();
  });

  it("fail only the pages that need a key while the key cannot be read", async () => {
    let down = true;
    const find = async (...args: Parameters<NonNullable<Store["keys"]>["find"]>) => {
      if (down) throw new Error("down");
      return store.keys?.find(...args);
    };
    const keys = { ...store.keys, find, create: store.keys?.create.bind(store.keys) } as never;
    const troubled = start({}, { keys });
    await expect(list({}, troubled)).rejects.toMatchObject({ code: "internal" });
    down = false;
    expect((await list({}, troubled)).ids).toEqual(["north-1", "north-2"]);
  });

  it("use the configured secret, and accept the previous one while it is replaced", async () => {
    const [old, next] = ["o".repeat(32), "n".repeat(32)];
    const find = vi.fn();
    const given = (secret: string | readonly string[]) =>
      start({ pageTokens: { secret } }, { keys: { find } as never });
    const { nextPageToken } = await list({}, given(old));
    expect((await list({ pageToken: nextPageToken }, given(old))).ids).toEqual(["north-3", "north-4"]);
    expect((await list({ pageToken: nextPageToken }, given([next, old]))).ids).toEqual(["north-3", "north-4"]);
    await expect(list({ pageToken: nextPageToken }, given(next))).rejects.toMatchObject(wrong);
    expect(find).not.toHaveBeenCalled();
  });

  it("are valid in one process if the store keeps no keys, which is logged once", async () => {
    const warn = vi.fn();
    const alone = start({ logger: { ...silentLogger, warn } }, { keys: undefined } as never);
    const { nextPageToken } = await list({}, alone);
    expect((await list({ pageToken: nextPageToken }, alone)).ids).toEqual(["north-3", "north-4"]);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('pass "pageTokens.secret" to createApp')]]);
    await expect(list({ pageToken: nextPageToken }, start({}, { keys: undefined } as never))).rejects.toMatchObject(
      wrong,
    );
  });
});

describe.each(stores)("the first page tokens on %s", (_, openStore) => {
  prepare(openStore);

  it("are valid in every process on the store, even if the first ones are concurrent, and after a restart", async () => {
    const [one, two] = [start(), start()];
    const [ofOne, ofTwo] = await Promise.all([list({}, one), list({}, two)]);
    expect(ofOne.nextPageToken).toBe(ofTwo.nextPageToken);
    expect((await list({ pageToken: ofOne.nextPageToken }, two)).ids).toEqual(["north-3", "north-4"]);
    await Promise.all([one.stop(), two.stop()]);
    expect((await list({ pageToken: ofTwo.nextPageToken }, start())).ids).toEqual(["north-3", "north-4"]);
  });
});

describe.each(stores)("page tokens with a wrapped key on %s", (_, openStore) => {
  prepare(openStore);

  it("use a key that the store keeps, which is wrapped like keys of personal data and cannot be erased", async () => {
    const wrap = masterKey({ id: "m1", key: new Uint8Array(32).fill(7) } as never);
    const { nextPageToken } = await list({}, start({ personalData: { wrap } }));
    const [key] = (await store.keys?.find([keyId])) ?? [];
    expect(key?.wrapped).toMatchObject({ wrappedBy: "m1" });
    expect((await list({ pageToken: nextPageToken }, start({ personalData: { wrap } }))).ids).toHaveLength(2);
    await expect(app.eraseSubject(pageTokensSubject)).rejects.toMatchObject({ code: "invalid_argument" });
    await store.keys?.erase(keyId);
    await expect(list({}, start())).rejects.toMatchObject({ code: "failed_precondition" });
    await app.readmitSubject(pageTokensSubject);
    await expect(list({ pageToken: nextPageToken }, start())).rejects.toMatchObject(wrong);
  });
});

it.each([["short"], [[]], [["x".repeat(32), "short"]], [undefined]])(
  "a secret such as %j is refused at once",
  (secret) => {
    expect(() => createApp({ parts: pagedParts(), pageTokens: { secret } as never })).toThrow("pageTokens.secret");
  },
);
