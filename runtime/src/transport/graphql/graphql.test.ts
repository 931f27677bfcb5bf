import {
  buildClientSchema,
  buildSchema,
  GraphQLError,
  getIntrospectionQuery,
  type IntrospectionQuery,
  printSchema,
} from "graphql";
import { serverAudits } from "graphql-http";
import { describe, expect, it } from "vitest";
import { createApp } from "../../app/index.js";
import { PotterError } from "../../errors/index.js";
import { open, sdl } from "./graphql.fixture.js";
import { graphql } from "./graphql.js";

describe.each([
  ["with CSRF protection", {}, /^MAY/],
  // MAY requirements are optional, except those for GET, which CSRF protection would reject.
  ["without CSRF protection", { csrf: false }, /^MAY (?!accept|NOT|allow URL)/],
])("the audits of GraphQL over HTTP, %s", (_, options, choice) => {
  const { handle } = open(options);
  const fetchFn = (url: string, init?: RequestInit) => handle(new Request(url, init));
  for (const audit of serverAudits({ url: "http://shop/graphql", fetchFn })) {
    it(audit.name, async () => {
      const result = await audit.fn();
      const reason = "reason" in result ? result.reason : "";
      expect([result.status, reason]).toEqual([choice.test(audit.name) ? result.status : "ok", reason]);
    });
  }
});

describe("a response", () => {
  it("has the data, for POST and GET, through an app", async () => {
    const app = createApp({ parts: [], transports: [graphql({ schema: open().schema })] });
    const url = `http://shop/graphql?query=${encodeURIComponent("query($x: Boolean!) { node { id color @include(if: $x) } }")}`;
    const headers = { "graphql-require-preflight": "1" };
    const response = await app.fetch(new Request(`${url}&variables=${encodeURIComponent('{"x":true}')}`, { headers }));
    expect([response.status, await response.json()]).toEqual([200, { data: { node: { id: "1", color: "RED" } } }]);
    expect((await app.fetch(new Request("http://shop/other"))).status).toBe(404);
    await app.stop();
  });

  it("has the code of an error, and hides unexpected errors, which are logged", async () => {
    const { send, error } = open();
    const response = await send({ query: "{ refuse }" });
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        data: { refuse: null },
        errors: [
          expect.objectContaining({
            message: "there is no such node",
            path: ["refuse"],
            extensions: { code: "NOT_FOUND" },
          }),
        ],
      },
    ]);
    expect(error).not.toHaveBeenCalled();
    const failed = await (await send({ query: "{ fail }" })).text();
    expect(failed).toContain('"code":"INTERNAL"');
    expect(failed).not.toContain("swordfish");
    expect(error).toHaveBeenCalledOnce();
  });

  it("hides errors of graphql-js and GraphQLErrors without a code", async () => {
    for (const [value, expected] of [
      [() => 5_000_000_001, "INTERNAL"],
      [() => Promise.reject(new GraphQLError("swordfish 5000000001")), "INTERNAL"],
      [() => new GraphQLError("swordfish 5000000001"), "INTERNAL"],
      [() => Promise.reject(new GraphQLError("no such card", { extensions: { code: "NO_CARD" } })), "NO_CARD"],
    ] as const) {
      const { send, error, schema } = open();
      const count = schema.getQueryType()?.getFields()["count"];
      if (count !== undefined) count.resolve = value;
      const { data, errors } = (await (await send({ query: "{ count }" })).json()) as {
        data: unknown;
        errors: [{ message: string; extensions: { code: string } }];
      };
      expect([data, errors[0].extensions.code]).toEqual([{ count: null }, expected]);
      expect(errors[0].message).not.toContain("5000000001");
      expect(error).toHaveBeenCalledTimes(expected === "INTERNAL" ? 1 : 0);
    }
  });

  it("reports an argument that is found invalid during execution", async () => {
    const { send, error } = open();
    const response = await send({ query: "query($c: Color = RED) { paint(color: $c) }", variables: { c: null } });
    expect(await response.json()).toMatchObject({
      data: { paint: null },
      errors: [{ message: expect.stringContaining("color"), extensions: { code: "INVALID_ARGUMENT" } }],
    });
    expect(error).not.toHaveBeenCalled();
  });

  it("keeps the class of the user's context", async () => {
    class Caller {
      readonly name: string;
      constructor(name: string) {
        this.name = name;
      }
      get user(): string {
        return this.name;
      }
    }
    const { send } = open({ context: (request) => new Caller(request.header("x-user") ?? "") });
    expect(await (await send({ query: "{ who }" }, { "x-user": "ada" })).json()).toEqual({ data: { who: "ada" } });
  });

  it("reads the user's context, and rejects callers before anything else", async () => {
    const { send } = open({ context: (request) => ({ user: request.header("x-user") }) });
    expect(await (await send({ query: "{ who }" }, { "x-user": "ada" })).json()).toEqual({ data: { who: "ada" } });
    const closed = open({}, { identify: () => Promise.reject(new PotterError("unauthenticated", "who are you?")) });
    for (const body of [{ query: "{ who }" }, { query: "{ whom }" }, "{", { query: 7 }]) {
      expect(await closed.refusal(body)).toEqual([401, "UNAUTHENTICATED", "who are you?"]);
    }
    expect(closed.executed).not.toHaveBeenCalled();
  });

  it("identifies callers within the time of the operation", async () => {
    const { send } = open({}, { identify: () => new Promise<never>(() => {}) });
    const response = await send({ query: "{ who }" }, { "request-timeout": "0.02" });
    expect(response.status).toBe(504);
  });
});

describe("invalid input is rejected before execution:", () => {
  const nested = (depth: number) => `{ node ${"{ next ".repeat(depth)} { id } ${"}".repeat(depth)} }`;
  const spreads = Array.from(
    { length: 30 },
    (_, at) => `fragment F${at} on Node { a: next { ...F${at + 1} } b: next { ...F${at + 1} } }`,
  );
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["too deep", { query: nested(20) }, "nested 22 fields deep, more than 15"],
    [
      "a thousand aliases",
      { query: `{ ${Array.from({ length: 600 }, (_, at) => `a${at}: who`).join(" ")} }` },
      "600 aliases, more than 50",
    ],
    [
      "fragments that multiply",
      { query: `{ node { ...F0 } } ${spreads.join(" ")} fragment F30 on Node { id }` },
      "more than 15",
    ],
    [
      "a fragment in itself",
      { query: "{ node { ...F } } fragment F on Node { next { ...F } }" },
      "Cannot spread fragment",
    ],
    [
      "aliases in the schema",
      { query: `{ __schema { types { ${Array.from({ length: 60 }, (_, at) => `a${at}: name`).join(" ")} } } }` },
      "60 aliases, more than 50",
    ],
    [
      "too many root fields",
      { query: `{ ...F ${"who ".repeat(20)} } fragment F on Query { ${"who ".repeat(20)} }` },
      "40 root fields in an operation, more than 30",
    ],
    ["too many directives on a field", { query: `{ who ${"@skip(if: false) ".repeat(51)} }` }, "51 directives"],
    [
      "directives that fragments repeat",
      { query: `query @a { ...F @a ...F ...F } fragment F on Query @a { who ${"@skip(if: false) ".repeat(16)} }` },
      "53 directives, more than 50",
    ],
    [
      "too many operations",
      { query: Array.from({ length: 21 }, (_, at) => `query Q${at} { who }`).join(" "), operationName: "Q1" },
      "21 operations, more than 20",
    ],
    ["too long", { query: `{ who } #${"x".repeat(70_000)}` }, "70009 characters long, more than 65536"],
    [
      "a list of too many items in a variable",
      { query: "query($x: Int) { nodes(first: $x) { id } }", variables: { x: [[], new Array(10_001).fill(1)] } },
      "10001 items, more than 10000",
    ],
    [
      "a variable that is nested too deep",
      `{"query":"query($x: Int) { nodes(first: $x) { id } }","variables":{"x":${"[".repeat(99_999)}${"]".repeat(99_999)}}}`,
      "nested more than 150 levels deep",
    ],
    [
      "a variable that is nested deep",
      `{"query":"query($x: Int) { nodes(first: $x) { id } }","variables":{"x":${"[".repeat(60)}${"]".repeat(60)}}}`,
      "nested more than 50 deep",
    ],
    ["a key twice", '{"query":"{ who }","query":"mutation { paint }"}', "has a duplicate key"],
    [
      "a key twice among the variables",
      '{"query":"query($n: Int) { nodes(first: $n) { id } }","variables":{"n":1,"n":2}}',
      "has a duplicate key",
    ],
    ["too many tokens", { query: `{ ${"who ".repeat(3000)} }` }, "2000 tokens"],
    ["too costly", { query: "{ nodes(first: 1000) { nodes(first: 100) { id } } }" }, "more than 50000"],
    [
      "too costly by a variable",
      { query: "query($n: Int) { nodes(first: $n) { id } }", variables: { n: 60_000 } },
      "more than 50000",
    ],
    ["too costly by a default", { query: "query($n: Int = 60000) { nodes(first: $n) { id } }" }, "more than 50000"],
    ["too costly in pages", { query: "{ node { page(first: 60000) { nodes { id } } } }" }, "more than 50000"],
    ["too costly within an input", { query: "{ search(by: { page: { limit: 60000 } }) { id } }" }, "more than 50000"],
    [
      "too costly within a variable",
      { query: "query($by: By) { search(by: $by) { id } }", variables: { by: { page: { limit: 60_000 } } } },
      "more than 50000",
    ],
    [
      "too costly by a variable within an input, as a text",
      { query: "query($n: Int) { search(by: { page: { limit: $n } }) { id } }", variables: { n: "60000" } },
      "more than 50000",
    ],
    [
      "too costly by the keys it requests",
      {
        query: "query($ids: [ID!]) { many(ids: $ids) { a: id b: id c: id d: id e: id f: id } }",
        variables: { ids: new Array(9_000).fill("1") },
      },
      "54001 fields, more than 50000",
    ],
    [
      "too much of the schema",
      {
        query: `{ __schema { types { ...T fields { type { ...T ofType { ...T } } } } } }
          fragment T on __Type { ${"name kind ".repeat(400)} }`,
      },
      "fields of the schema itself",
    ],
    ["a batch", [{ query: "{ who }" }], "batches are not supported: send one operation in a request"],
    ["an unknown variable", { query: "{ paint(color: $c) }" }, 'Variable "$c" is not defined'],
    [
      "a value that no enum has",
      { query: "query($c: Color!) { paint(color: $c) }", variables: { c: "PINK" } },
      '"$c" got invalid value',
    ],
    ["a variable left out", { query: "query($c: Color!) { paint(color: $c) }" }, '"$c" of required type'],
    [
      "an operation that is not there",
      { query: "query A { who }", operationName: "B" },
      "no operation named as in operationName",
    ],
    ["one of several operations", { query: "query A { who } query B { who }" }, "operationName must name one"],
    ["a subscription", { query: "subscription { painted }" }, "text/event-stream"],
    ["no JSON", "{", "not valid JSON"],
    ["too large", { query: "{ who }", variables: { x: "x".repeat(1024 * 1024) } }, "larger than"],
  ];
  for (const [name, body, message] of cases) {
    it(name, async () => {
      const { refusal, executed } = open();
      const [status, code, text] = await refusal(body);
      expect(status).toBe(name === "too large" ? 413 : 400);
      expect(code).toMatch(/^(INVALID_ARGUMENT|UNIMPLEMENTED|RESOURCE_EXHAUSTED)$/);
      expect(text).toContain(message);
      expect(executed).not.toHaveBeenCalled();
    });
  }
});

it("computes the cost of an operation for each list size in its variables", async () => {
  const { send } = open();
  const ask = async (n: unknown) =>
    (await send({ query: "query($n: Int) { nodes(first: $n) { id } }", variables: { n } })).text();
  for (const n of [1, null, [60_000], "many", 2, 0, -1]) expect(await ask(n)).not.toContain("more than 50000");
  for (const n of [60_000, 70_000, "60000"]) expect(await ask(n)).toContain("more than 50000");
  expect(await ask(3)).not.toContain("more than 50000");
});

const nested = (size: string): string =>
  `{ nodes${size} { nodes${size} { nodes${size} { page${size} { nodes { id } } } } } }`;

it.each([
  ["0", { query: nested("(first: 0)") }],
  ["negative", { query: nested("(first: -1)") }],
  ["null", { query: nested("(first: null)") }],
  ["absent", { query: nested("") }],
  ["0 by a variable", { query: `query($n: Int) ${nested("(first: $n)")}`, variables: { n: 0 } }],
  ["less than 1 by a variable", { query: `query($n: Int) ${nested("(first: $n)")}`, variables: { n: -5 } }],
  [
    "null by a variable that has a default",
    { query: `query($n: Int = 1) ${nested("(first: $n)")}`, variables: { n: null } },
  ],
  ["a variable that is not given", { query: `query($n: Int) ${nested("(first: $n)")}` }],
  ["0 by a default", { query: `query($n: Int = 0) ${nested("(first: $n)")}` }],
])("counts a list whose size is %s with the assumed page size", async (_, body) => {
  const { refusal, executed } = open();
  expect((await refusal(body))[2]).toContain("more than 50000");
  expect(executed).not.toHaveBeenCalled();
});

it.each([
  ["0", "{ search(by: { page: { limit: 0 } }) { nodes(first: 1000) { id } } }", {}],
  ["absent", "{ search(by: {}) { nodes(first: 1000) { id } } }", {}],
  [
    "0 in a variable",
    "query($by: By) { search(by: $by) { nodes(first: 1000) { id } } }",
    { by: { page: { limit: 0 } } },
  ],
  [
    "null in a variable",
    "query($by: By) { search(by: $by) { nodes(first: 1000) { id } } }",
    { by: { page: { limit: null } } },
  ],
])("counts a list whose size within an input is %s with the assumed page size", async (_, query, variables) => {
  expect((await open().refusal({ query, variables }))[2]).toContain("more than 50000");
});

it("does not repeat long parts of a request in errors", async () => {
  const long = "a".repeat(50_000);
  for (const body of [
    { query: "query A { who }", operationName: long },
    { query: `{ ${long} }` },
    { query: `{ who ${long}` },
    { query: "query($n: Int) { nodes(first: $n) { id } }", variables: { n: long } },
    { query: `{ paint(color: ${long}) }` },
  ]) {
    expect((await (await open().send(body)).text()).length).toBeLessThan(2_000);
  }
});

it.each([
  "subscription { painted @skip(if: true) }",
  "subscription($on: Boolean = false) { painted @include(if: $on) }",
  "subscription { ... @include(if: false) { painted } }",
  "subscription { ...F @skip(if: true) } fragment F on Subscription { painted }",
  "subscription { ...F } fragment F on Subscription { painted @include(if: false) }",
])("rejects a subscription with a conditional root field: %s", async (query) => {
  const { send, error } = open();
  const response = await send({ query }, { accept: "text/event-stream" });
  expect(await response.text()).toMatch(
    /root field of a subscription must not have @(skip|include).*INVALID_ARGUMENT/s,
  );
  expect(error).not.toHaveBeenCalled();
});

describe("call headers", () => {
  const paint = { query: "mutation { paint }" };
  const query = { query: "{ who }" };

  it.each<[Record<string, string>, number]>([
    [{ "idempotency-key": "two words" }, 400],
    [{ "idempotency-key": "" }, 400],
    [{ "idempotency-key": "x".repeat(256) }, 400],
    [{ "if-match": "3" }, 400],
    [{ "if-match": 'W/"3"' }, 412],
    [{ "if-none-match": '"3"' }, 400],
    [{ "if-match": '"3"', "if-none-match": "*" }, 400],
  ])("reject a mutation if malformed, as over REST: %j", async (headers, status) => {
    const { send, executed } = open();
    expect((await send(paint, headers)).status).toBe(status);
    expect(executed).not.toHaveBeenCalled();
    expect((await send(query, headers)).status).toBe(200);
  });

  it.each(["0", "soon", "-1", ""])("reject a timeout of %j", async (timeout) => {
    const { send, executed } = open();
    expect((await send(query, { "request-timeout": timeout })).status).toBe(400);
    expect(executed).not.toHaveBeenCalled();
  });

  it("end an operation that exceeds its timeout", async () => {
    let ended = false;
    const context = () => ({ user: "ada" });
    const { send, schema } = open({ context });
    const who = schema.getQueryType()?.getFields()["who"];
    if (who === undefined) throw new Error("Query.who");
    who.resolve = (_source, _args, { call }: { call: { signal: AbortSignal } }) =>
      new Promise((resolve) => {
        call.signal.addEventListener("abort", () => {
          ended = true;
          resolve("late");
        });
      });
    const response = await send(query, { "request-timeout": "0.02" });
    expect([response.status, await response.json()]).toEqual([
      504,
      { errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: "DEADLINE_EXCEEDED" }) })] },
    ]);
    expect(ended).toBe(true);
  });
});

describe("CSRF protection", () => {
  const url = `http://shop/graphql?query=${encodeURIComponent("{ who }")}`;
  const get = (options: Parameters<typeof open>[0], headers: Record<string, string>) =>
    open(options).handle(new Request(url, { headers: { accept: "application/graphql-response+json", ...headers } }));

  it("rejects a POST with a content type that needs no preflight", async () => {
    const { send, executed } = open();
    for (const type of [
      "text/plain",
      "text/plain; application/json",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "",
    ]) {
      const headers = { "content-type": type, "graphql-require-preflight": "1" };
      const response = await send({ query: "{ who }" }, headers);
      expect([response.status, JSON.stringify(await response.json())]).toEqual([
        415,
        expect.stringContaining("INVALID_ARGUMENT"),
      ]);
    }
    expect(executed).not.toHaveBeenCalled();
  });

  it.each([
    {},
    { "graphql-require-preflight": "" },
    { "content-type": "" },
    { "content-type": "Text/Plain; charset=utf-8" },
    { "content-type": "multipart/form-data; boundary=x" },
    { "content-type": "application/x-www-form-urlencoded" },
    // Some browsers send malformed types without a preflight.
    { "content-type": "json" },
    { "content-type": "x" },
    { "content-type": "application/json, text/plain" },
    { "content-type": 'application/json; charset="' },
    { "content-type": "text/plain+application/json" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site", "last-event-id": "1" },
  ])("rejects a GET with %o", async (headers) => {
    const { handle, executed } = open();
    const response = await handle(new Request(url, { headers: headers as Record<string, string> }));
    expect([response.status, await response.json()]).toEqual([
      403,
      {
        errors: [
          {
            message: expect.stringContaining("graphql-require-preflight"),
            extensions: { code: "PERMISSION_DENIED", correlationId: expect.any(String) },
          },
        ],
      },
    ]);
    expect(executed).not.toHaveBeenCalled();
  });

  it.each([
    { "graphql-require-preflight": "1" },
    { "apollo-require-preflight": "true", "sec-fetch-site": "cross-site" },
    { "x-apollo-operation-name": "Who" },
    { "content-type": "application/json" },
    { "content-type": "application/json; charset=utf-8" },
    { "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "none" },
  ])("accepts a GET with %o", async (headers) => {
    expect((await get({}, headers as Record<string, string>)).status).toBe(200);
  });

  it("can be disabled and accept further headers", async () => {
    expect((await get({ csrf: false }, {})).status).toBe(200);
    const own = { csrf: { headers: ["X-Shop"] } };
    expect((await get(own, { "x-shop": "1" })).status).toBe(200);
    expect((await get(own, { "apollo-require-preflight": "1" })).status).toBe(200);
    expect((await get(own, {})).status).toBe(403);
    for (const name of ["accept", "Content-Type", "sec-ch-ua", "last-event-id", "", "a b"]) {
      expect(() => open({ csrf: { headers: [name] } })).toThrow(
        "expected a header that browsers do not send on their own",
      );
    }
  });

  it("rejects a mutation by GET, whatever its headers", async () => {
    const { handle, executed } = open();
    const headers = { "graphql-require-preflight": "1" };
    const mutation = await handle(new Request(url.replace(/=.*/, "=mutation{paint}"), { headers }));
    expect([mutation.status, mutation.headers.get("allow")]).toEqual([405, "POST"]);
    expect(executed).not.toHaveBeenCalled();
  });
});

describe("options", () => {
  it("set limits, which errors name", async () => {
    const strict = { depth: 1, aliases: 1, cost: 2, rootFields: 3, directives: 1, operations: 1, documentLength: 70 };
    const { refusal } = open({ limits: { ...strict, listItems: 1, inputDepth: 1 } });
    expect((await refusal({ query: "{ node { id } }" }))[2]).toContain("2 fields deep, more than 1");
    expect((await refusal({ query: "{ a: who b: who }" }))[2]).toContain("2 aliases, more than 1 (limits.aliases)");
    expect((await refusal({ query: "{ who fail refuse }" }))[2]).toContain("3 fields, more than 2 (limits.cost)");
    expect((await refusal({ query: "{ who fail refuse paint }" }))[2]).toContain("4 root fields");
    expect((await refusal({ query: "{ who @skip(if: true) @include(if: true) }" }))[2]).toContain("2 directives");
    expect((await refusal({ query: "query A { who } query B { who }" }))[2]).toContain("2 operations");
    expect((await refusal({ query: `{ who } ${"#".repeat(70)}` }))[2]).toContain("78 characters");
    const query = "query($x: Boolean!) { who @skip(if: $x) }";
    expect((await refusal({ query, variables: { x: [1, 2] } }))[2]).toContain("2 items, more than 1");
    expect((await refusal({ query, variables: { x: [[]] } }))[2]).toContain("more than 1 deep (limits.inputDepth)");
  });

  it("disable introspection except __typename, and suggestions of names", async () => {
    const { send, refusal } = open({ introspection: false });
    const color = { query: "query($c: Color!) { paint(color: $c) }", variables: { c: "REED" } };
    for (const body of [{ query: "{ whom }" }, { query: "{ paint(color: REED) }" }, color]) {
      const [, code, text] = await refusal(body);
      expect([code, text]).toEqual(["INVALID_ARGUMENT", expect.not.stringContaining("Did you mean")]);
      expect((await open().refusal(body))[2]).toContain("Did you mean");
    }
    expect((await refusal({ query: "{ __schema { types { name } } }" }))[0]).toBe(400);
    expect(await (await send({ query: "{ __typename }" })).json()).toEqual({ data: { __typename: "Query" } });
  });

  it("allow the introspection query of tools", async () => {
    const { send } = open();
    const { data } = (await (await send({ query: getIntrospectionQuery() })).json()) as { data: IntrospectionQuery };
    expect(printSchema(buildClientSchema(data))).toBe(printSchema(buildSchema(sdl)));
  });

  it("are validated", () => {
    const { schema } = open();
    expect(() => graphql({ schema, limits: { depth: 0 } })).toThrow("limits.depth is 0");
    expect(() => graphql({ schema, cachedDocuments: Number.NaN })).toThrow("cachedDocuments is NaN");
    expect(() => graphql({ schema, path: "graphql/" })).toThrow('expected one such as "/graphql"');
  });
});
