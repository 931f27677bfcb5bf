import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { open } from "./graphql.fixture.js";
import { graphql } from "./graphql.js";

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
const named = (sha256Hash: unknown, version: unknown = 1) => ({ persistedQuery: { version, sha256Hash } });

const query = "query Who { who }";
const hash = hashOf(query);
const trusted = { [hash]: query, "x-app:1.0": "{ who }", mutation: "mutation { paint }", wrong: "{ gone }" };

/** Sends requests by POST and by GET. */
function ask(persistedDocuments: Parameters<typeof open>[0] & object) {
  const opened = open({ ...persistedDocuments, context: () => ({ user: "ada" }) });
  const post = async (body: object) => {
    const response = await opened.send(body);
    return [response.status, await response.json()] as const;
  };
  const get = async (params: Readonly<Record<string, unknown>>) => {
    const texts = Object.entries(params).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const headers = { accept: "application/graphql-response+json", "graphql-require-preflight": "1" };
    const url = `http://shop/graphql?${new URLSearchParams(texts as [string, string][])}`;
    const response = await opened.handle(new Request(url, { headers }));
    return [response.status, await response.json(), response.headers.get("cache-control")] as const;
  };
  return { ...opened, post, get };
}

const errorOf = (code: string, message: unknown = expect.any(String)) => ({
  errors: [{ message, extensions: expect.objectContaining({ code }) }],
});
const ada = { data: { who: "ada" } };
const notFound = errorOf("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");

describe.each([
  ["an object", trusted],
  ["a map", new Map(Object.entries({ ...trusted, [hash]: "{ gone }", [`sha256:${hash}`]: query }))],
  ["a function", (id: string) => Promise.resolve(id === `sha256:${hash}` ? query : (trusted[id] ?? null))],
] as const)("trusted documents in %s", (_, documents) => {
  it("are executed by id and by hash, over GET and POST", async () => {
    const { get, post, executed } = ask({ persistedDocuments: { trusted: documents } });
    for (const request of [
      { documentId: `sha256:${hash}` },
      { documentId: "x-app:1.0" },
      { extensions: named(hash) },
      { documentId: `sha256:${hash}`, query },
    ]) {
      expect(await post(request)).toEqual([200, ada]);
      expect((await get(request)).slice(0, 2)).toEqual([200, ada]);
    }
    expect(executed).toHaveBeenCalledTimes(8);
    expect(await post({ documentId: "mutation" })).toEqual([200, { data: { paint: "painted" } }]);
    expect((await get({ documentId: "mutation" }))[0]).toBe(405);
  });

  it("are validated like any document", async () => {
    const { post } = ask({ persistedDocuments: { trusted: documents } });
    expect(await post({ documentId: "wrong" })).toMatchObject([400, errorOf("INVALID_ARGUMENT")]);
  });

  it("are not found under other ids", async () => {
    const { get, post, executed } = ask({ persistedDocuments: { trusted: documents } });
    for (const documentId of ["x-app:2.0", `sha256:${hashOf("{ who }")}`, "__proto__", "constructor"]) {
      expect(await post({ documentId })).toEqual([400, notFound]);
      expect(await get({ documentId })).toEqual([400, notFound, "no-store"]);
    }
    expect(await post({ documentId: "x-app:1.0", query })).toEqual([400, errorOf("PERSISTED_QUERY_MISMATCH")]);
    expect(executed).not.toHaveBeenCalled();
  });

  it("can be the only ones that are executed", async () => {
    const { get, post, executed } = ask({ persistedDocuments: { trusted: documents, only: true } });
    expect(await post({ query: "{ who }" })).toEqual([400, errorOf("PERSISTED_QUERY_ID_REQUIRED")]);
    expect((await get({ query: "{ who }" }))[0]).toBe(400);
    const other = "{ who fail }";
    expect(await post({ query: other, extensions: named(hashOf(other)) })).toEqual([400, notFound]);
    expect(await post({ query: other, documentId: "mine" })).toEqual([400, notFound]);
    expect(executed).not.toHaveBeenCalled();
    expect(await post({ extensions: named(hash) })).toEqual([200, ada]);
  });
});

it("caches the documents that a function finds", async () => {
  const find = vi.fn((id: string) => (id === "a" ? "{ who }" : undefined));
  const { post } = ask({ persistedDocuments: { trusted: find } });
  for (const documentId of ["a", "b", "a", "b"]) await post({ documentId });
  expect(find.mock.calls.flat()).toEqual(["a", "b", "b"]);
});

it("logs the error of a function, and hides it from clients", async () => {
  const { post, error } = ask({ persistedDocuments: { trusted: () => Promise.reject(new Error("swordfish")) } });
  const [status, answer] = await post({ documentId: "a" });
  expect([status, JSON.stringify(answer)]).toEqual([500, expect.not.stringContaining("swordfish")]);
  expect(error).toHaveBeenCalledOnce();
});

describe("automatic persisted queries", () => {
  it("are registered on request, and then executed by hash", async () => {
    const { get, post, executed } = ask({ persistedDocuments: { automatic: true } });
    expect(await get({ extensions: named(hash) })).toEqual([400, notFound, "no-store"]);
    expect(await post({ extensions: named(hash), query })).toEqual([200, ada]);
    expect(await post({ extensions: named(hash) })).toEqual([200, ada]);
    expect((await get({ documentId: `sha256:${hash}` })).slice(0, 2)).toEqual([200, ada]);
    const other = "{ __typename }";
    expect((await get({ documentId: `sha256:${hashOf(other)}`, query: other }))[0]).toBe(200);
    expect((await post({ extensions: named(hashOf(other)) }))[0]).toBe(200);
    expect(executed).toHaveBeenCalledTimes(3);
  });

  it("report an unknown hash with status 200 to clients that accept only plain JSON", async () => {
    const { send } = ask({ persistedDocuments: { automatic: true } });
    const response = await send({ extensions: named(hash) }, { accept: "application/json" });
    expect([response.status, await response.json()]).toEqual([200, notFound]);
  });

  it("are not registered under a wrong hash, or if they are invalid", async () => {
    const { post, executed } = ask({ persistedDocuments: { automatic: true } });
    expect(await post({ extensions: named(hash), query: "{ fail }" })).toEqual([
      400,
      errorOf("PERSISTED_QUERY_MISMATCH"),
    ]);
    expect(await post({ extensions: named(hash) })).toEqual([400, notFound]);
    const wrong = "{ gone }";
    expect(await post({ extensions: named(hashOf(wrong)), query: wrong })).toMatchObject([
      400,
      errorOf("INVALID_ARGUMENT"),
    ]);
    expect(await post({ extensions: named(hashOf(wrong)) })).toEqual([400, notFound]);
    expect(executed).not.toHaveBeenCalled();
  });

  it("are limited by cachedDocuments", async () => {
    const { post } = ask({ persistedDocuments: { automatic: true }, cachedDocuments: 2 });
    const texts = ["{ a: who }", "{ b: who }", "{ c: who }"];
    for (const text of texts) await post({ extensions: named(hashOf(text)), query: text });
    const statuses = await Promise.all(texts.map((text) => post({ extensions: named(hashOf(text)) })));
    expect(statuses.map(([status]) => status)).toEqual([400, 200, 200]);
  });

  it("can be kept in a shared store, which is not trusted and may fail", async () => {
    const kept = new Map<string, string>();
    const automatic = {
      get: vi.fn((key: string) => kept.get(key)),
      set: vi.fn(async (key: string, text: string) => kept.set(key, text)),
    };
    const [one, other] = [ask({ persistedDocuments: { automatic } }), ask({ persistedDocuments: { automatic } })];
    await one.post({ extensions: named(hash), query });
    expect(await other.post({ extensions: named(hash) })).toEqual([200, ada]);
    kept.set(hash, "{ fail }");
    expect(await other.post({ extensions: named(hash) })).toEqual([400, notFound]);
    automatic.get.mockImplementation(() => {
      throw new Error("down");
    });
    automatic.set.mockRejectedValue(new Error("down"));
    expect(await other.post({ extensions: named(hash) })).toEqual([400, notFound]);
    expect(await other.post({ extensions: named(hash), query })).toEqual([200, ada]);
  });

  it("can be combined with trusted documents", async () => {
    const { post } = ask({ persistedDocuments: { trusted, automatic: true } });
    expect(await post({ extensions: named(hash) })).toEqual([200, ada]);
    const other = "{ __typename }";
    expect((await post({ extensions: named(hashOf(other)), query: other }))[0]).toBe(200);
    expect((await post({ extensions: named(hashOf(other)) }))[0]).toBe(200);
  });
});

describe("ids", () => {
  it("are not supported without persisted documents, and ignored next to a document", async () => {
    const { post, get } = ask({});
    const notSupported = errorOf("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported");
    expect(await post({ extensions: named(hash) })).toEqual([400, notSupported]);
    expect((await get({ documentId: `sha256:${hash}` }))[1]).toEqual(notSupported);
    expect(await post({ extensions: named(hash), query })).toEqual([200, ada]);
    expect(await post({ extensions: { persistedQuery: null }, query })).toEqual([200, ada]);
  });

  it("that are malformed are rejected", async () => {
    const { post, executed } = ask({ persistedDocuments: { automatic: true } });
    expect(await post({ extensions: named(hash, 2), query })).toEqual([400, errorOf("PERSISTED_QUERY_NOT_SUPPORTED")]);
    for (const request of [
      { extensions: named(5) },
      { extensions: named("x".repeat(300)) },
      { documentId: "x".repeat(300) },
      { documentId: 7 },
      { extensions: { persistedQuery: null } },
      {},
    ]) {
      expect(await post(request)).toEqual([400, errorOf("INVALID_ARGUMENT")]);
    }
    expect(executed).not.toHaveBeenCalled();
  });
});

it("rejects options that contradict each other", () => {
  const { schema } = open();
  expect(() => graphql({ schema, persistedDocuments: { only: true } })).toThrow("only without trusted documents");
  expect(() => graphql({ schema, persistedDocuments: { trusted, only: true, automatic: true } })).toThrow(
    "only and automatic",
  );
});
