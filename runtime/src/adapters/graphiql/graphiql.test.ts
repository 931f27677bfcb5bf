import { buildSchema } from "graphql";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../app/index.js";
import { graphql } from "../../transport/graphql/index.js";
import { type GraphiQLOptions, graphiql } from "./graphiql.js";

afterEach(() => vi.restoreAllMocks());

const schema = buildSchema("type Query { hello: String }");
const html = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };

function open(options?: GraphiQLOptions, path = "/graphql") {
  const app = createApp({ parts: [], transports: [graphql({ schema, path, ide: graphiql(options) })] });
  return (url: string, init?: RequestInit) => app.fetch(new Request(`http://shop${url}`, init));
}

describe("the page", () => {
  it("is served to browsers that open the path only", async () => {
    const call = open({ title: "Tea & <more>" });
    const page = await call("/graphql?query={hello}", html);
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.headers.get("vary")).toBe("accept");
    expect(await page.text()).toContain("<title>Tea &amp; &lt;more&gt;</title>");
    for (const accept of ["application/json", "application/graphql-response+json", "*/*"]) {
      const answer = await call("/graphql?query={hello}", { headers: { accept, "graphql-require-preflight": "1" } });
      expect(await answer.json()).toEqual({ data: { hello: null } });
    }
    const posted = await call("/graphql", {
      method: "POST",
      headers: { accept: "text/html, */*", "content-type": "application/json" },
      body: JSON.stringify({ query: "{ hello }" }),
    });
    expect(await posted.json()).toEqual({ data: { hello: null } });
    expect((await call("/graphql/", html)).status).toBe(404);
  });

  it("runs only its own scripts, and connects only to its server", async () => {
    const page = await open()("/graphql", html);
    const policy = page.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'; script-src 'self'; worker-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(await page.text()).not.toMatch(/<script>|https?:/);
  });

  it("finds its files next to it, wherever it is", async () => {
    const call = open({}, "/api/v2/graphql");
    const text = await (await call("/api/v2/graphql", html)).text();
    const names = [...text.matchAll(/(?:src|href)="(graphql\/[^"]+)"/g)].map(([, name]) => name);
    expect(names).toEqual(["graphql/graphiql.css", "graphql/graphiql.js", "graphql/initializer.js"]);
    for (const name of [...names, "graphql/json.worker.js", "graphql/graphql.worker.js", "graphql/editor.worker.js"]) {
      const file = await call(`/api/v2/${name}`);
      expect([name, file.status]).toEqual([name, 200]);
      const known = await call(`/api/v2/${name}`, { headers: { "if-none-match": String(file.headers.get("etag")) } });
      expect(known.status).toBe(304);
    }
    expect((await call("/api/v2/graphql/graphiql.js", { method: "POST" })).status).toBe(405);
    expect((await call("/api/v2/graphql/package.json")).status).toBe(404);
  });

  it("starts with the configured query and headers", async () => {
    const call = open({ query: "{ hello }", headers: { "x-tenant": "acme" } });
    const script = await (await call("/graphql/initializer.js")).text();
    const config: unknown[] = [];
    const renderYogaGraphiQL = (_root: unknown, options: unknown) => config.push(options);
    const parameters = ["document", "location", "self", "YogaGraphiQL"];
    const page = { currentScript: { src: "http://shop/graphql/initializer.js" }, getElementById: () => ({}) };
    const self: { MonacoEnvironment?: { getWorkerUrl(module: string, label: string): string } } = {};
    new Function(...parameters, script)(page, { pathname: "/graphql" }, self, { renderYogaGraphiQL });
    expect(config).toEqual([
      {
        title: "GraphiQL",
        defaultQuery: "{ hello }",
        additionalHeaders: { "x-tenant": "acme" },
        subscriptionsProtocol: "SSE",
        endpoint: "/graphql",
      },
    ]);
    const urls = ["graphql", "json", "editorWorkerService"].map((label) =>
      self.MonacoEnvironment?.getWorkerUrl("", label),
    );
    expect(urls).toEqual(["graphql", "json", "editor"].map((name) => `http://shop/graphql/${name}.worker.js`));
  });
});

it("is off by default", async () => {
  const app = createApp({ parts: [], transports: [graphql({ schema })] });
  expect((await app.fetch(new Request("http://shop/graphql/graphiql.js"))).status).toBe(404);
  expect((await app.fetch(new Request("http://shop/graphql", html))).headers.get("content-type")).toContain("json");
});
