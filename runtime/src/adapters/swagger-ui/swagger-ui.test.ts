import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { createApp } from "../../app/index.js";
import { rest } from "../../transport/rest/index.js";
import { serve } from "../node/index.js";
import { document, open, yamlText } from "./swagger-ui.fixture.js";
import { type SwaggerUiOptions, swaggerUi } from "./swagger-ui.js";

describe("the page", () => {
  it("is at its path with a slash; the path without one redirects to it", async () => {
    const call = open();
    const redirect = await call("/docs");
    expect([redirect.status, redirect.headers.get("location")]).toEqual([308, "docs/"]);
    const page = await call("/docs/");
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(await page.text()).toContain(`<div id="swagger-ui">`);
  });

  it("references only files next to it, and all of them exist", async () => {
    const call = open();
    const html = await (await call("/docs/")).text();
    const links = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => String(match[1]));
    expect(links.length).toBe(5);
    const types = await Promise.all(
      links.map(async (link) => {
        const response = await call(new URL(link, "http://shop/docs/").pathname);
        expect([link, response.status, response.headers.get("x-content-type-options")]).toEqual([link, 200, "nosniff"]);
        expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
        return `${link} ${response.headers.get("content-type")}`;
      }),
    );
    expect(types).toEqual([
      "swagger-ui.css text/css; charset=utf-8",
      "index.css text/css; charset=utf-8",
      "favicon-32x32.png image/png",
      "swagger-ui-bundle.js text/javascript; charset=utf-8",
      "initializer.js text/javascript; charset=utf-8",
    ]);
  });

  it("runs only its own scripts, and connects only to the configured origins", async () => {
    const policyOf = async (options: SwaggerUiOptions) =>
      new Map(
        String((await open(options)("/docs/")).headers.get("content-security-policy"))
          .split("; ")
          .map((part) => [part.slice(0, part.indexOf(" ")), part.slice(part.indexOf(" ") + 1)]),
      );
    const policy = await policyOf({ document });
    expect(policy.get("default-src")).toBe("'none'");
    expect(policy.get("script-src")).toBe("'self'");
    expect(policy.get("connect-src")).toBe("'self'");
    const wider = await policyOf({ document, connectTo: ["https://api.example.com", "http://localhost:8081"] });
    expect(wider.get("connect-src")).toBe("'self' https://api.example.com http://localhost:8081");
    expect(await (await open()("/docs/")).text()).not.toMatch(/<script>|<script [^>]*>[^<]| on\w+=/);
  });

  it("starts Swagger UI with the document in its source format, by a relative path, and without the validator", async () => {
    const configOf = async (options: SwaggerUiOptions, path = "/docs") => {
      const script = await (await open(options)(`${path}/initializer.js`)).text();
      return JSON.parse(/^const config = (\{.*?^\});$/ms.exec(script)?.[1] ?? "") as Record<string, unknown>;
    };
    expect(await configOf({ document })).toEqual({
      deepLinking: true,
      url: "../openapi.json",
      dom_id: "#swagger-ui",
      validatorUrl: null,
    });
    expect(await configOf({ document: yamlText })).toMatchObject({ url: "../openapi.yaml" });
    const elsewhere = { document, path: "/internal/api-docs", documentPath: "/v1/shop" };
    expect(await configOf(elsewhere, "/internal/api-docs")).toMatchObject({ url: "../../v1/shop.json" });
    const settings = { tryItOutEnabled: true, deepLinking: false };
    expect(await configOf({ document, settings })).toMatchObject(settings);
  });

  it("has the OAuth redirect page next to it", async () => {
    const call = open();
    expect(await (await call("/docs/oauth2-redirect.html")).text()).toContain('src="oauth2-redirect.js"');
    expect(await (await call("/docs/oauth2-redirect.js")).text()).toContain("swaggerUIRedirectOauth2");
    expect(await (await call("/docs/initializer.js")).text()).toContain(
      'new URL("oauth2-redirect.html", location.href)',
    );
  });

  it("can be at other paths", async () => {
    const call = open({ document, path: "/internal/api-docs", documentPath: "/v1/shop" });
    expect((await call("/internal/api-docs")).headers.get("location")).toBe("api-docs/");
    expect((await call("/internal/api-docs/")).status).toBe(200);
    expect((await call("/v1/shop.yaml")).status).toBe(200);
    for (const path of ["/docs", "/docs/", "/openapi.json"]) expect((await call(path)).status).toBe(404);
  });
});

describe("requests", () => {
  it("get 304 if the client has the current version", async () => {
    const call = open();
    for (const path of [
      "/docs/",
      "/docs/initializer.js",
      "/docs/swagger-ui-bundle.js",
      "/openapi.json",
      "/openapi.yaml",
    ]) {
      const first = await call(path);
      const etag = String(first.headers.get("etag"));
      expect(etag).toMatch(/^"[\w-]{43}"$/);
      for (const tag of [etag, `"other", W/${etag}`, "*"]) {
        const again = await call(path, { headers: { "if-none-match": tag } });
        expect([again.status, again.headers.get("etag"), await again.text()]).toEqual([304, etag, ""]);
      }
      expect((await call(path, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
    }
  });

  it("have other tags for other documents and formats", async () => {
    const tags = await Promise.all(
      [open()("/openapi.json"), open()("/openapi.yaml"), open({ document: { openapi: "3.0.3" } })("/openapi.json")].map(
        async (response) => (await response).headers.get("etag"),
      ),
    );
    expect(new Set(tags).size).toBe(3);
    expect((await open()("/openapi.json")).headers.get("etag")).toBe(tags[0]);
  });

  it("get the response of GET without its body for HEAD", async () => {
    const call = open();
    for (const path of ["/docs/", "/docs/swagger-ui.css", "/openapi.yaml"]) {
      const [get, head] = [await call(path), await call(path, { method: "HEAD" })];
      const length = (await get.arrayBuffer()).byteLength;
      expect([head.status, await head.text()]).toEqual([200, ""]);
      expect(Object.fromEntries(head.headers)).toEqual({
        ...Object.fromEntries(get.headers),
        "content-length": String(length),
        "x-correlation-id": expect.any(String),
      });
    }
    expect((await call("/docs", { method: "HEAD" })).status).toBe(308);
  });

  it("with other methods are refused, with the allowed methods", async () => {
    const call = open();
    for (const path of ["/docs", "/docs/", "/docs/initializer.js", "/openapi.json"]) {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        const refused = await call(path, { method });
        expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
        expect(refused.headers.get("content-type")).toBe("application/problem+json");
      }
      const options = await call(path, { method: "OPTIONS" });
      expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
    }
  });

  it("find nothing outside the table of assets", async () => {
    const server = await serve(createApp({ parts: [], transports: [swaggerUi({ document }), rest()] }));
    try {
      const paths = ["/docs/package.json", "/docs/swagger-ui.js", "/docs/../package.json", "/docs/..%2fpackage.json"];
      paths.push(
        "/docs/%2e%2e/package.json",
        "/docs//etc/passwd",
        "/docs/constructor",
        "/docs/__proto__",
        "/docs/./index.css",
      );
      for (const path of paths) expect([path, await statusOf(server.port, path)]).toEqual([path, 404]);
      // A control: the same request finds an existing file.
      expect(await statusOf(server.port, "/docs/index.css")).toBe(200);
    } finally {
      await server.stop();
    }
  });

  it("are served by Node too", async () => {
    const server = await serve(createApp({ parts: [], transports: [swaggerUi({ document: yamlText }), rest()] }));
    try {
      const page = await fetch(`${server.url}/docs`);
      expect([page.url, page.status]).toEqual([`${server.url}/docs/`, 200]);
      const bundle = await fetch(new URL("swagger-ui-bundle.js", page.url));
      const bytes = (await bundle.arrayBuffer()).byteLength;
      expect([bundle.status, bundle.headers.get("content-length")]).toEqual([200, String(bytes)]);
      expect(bytes).toBeGreaterThan(1_000_000);
      const etag = String(bundle.headers.get("etag"));
      const again = await fetch(bundle.url, { headers: { "if-none-match": etag } });
      expect([again.status, again.headers.get("etag")]).toEqual([304, etag]);
      const head = await fetch(bundle.url, { method: "HEAD" });
      expect(head.headers.get("content-length")).toBe(String(bytes));
      expect(await (await fetch(`${server.url}/openapi.json`)).json()).toEqual(document);
      expect((await fetch(`${server.url}/openapi.json`, { method: "POST" })).status).toBe(405);
    } finally {
      await server.stop();
    }
  });
});

describe("invalid options", () => {
  it.each<[string, Partial<SwaggerUiOptions>]>([
    [`path is "docs": expected a path such as "/docs", without a trailing slash`, { path: "docs" }],
    [`path is "/docs/": expected a path`, { path: "/docs/" }],
    [`documentPath is "/a b": expected a path`, { documentPath: "/a b" }],
    ["path and documentPath are both /docs: expected two different paths", { documentPath: "/docs" }],
    [`connectTo has "https://a.example/v1": expected an origin`, { connectTo: ["https://a.example/v1"] }],
    [`connectTo has "https://a.example; script-src *"`, { connectTo: ["https://a.example; script-src *"] }],
    ["settings has url, which swaggerUi sets itself: remove it", { settings: { url: "https://x.example/" } }],
  ])("are rejected at once: %s", (message, options) => {
    expect(() => swaggerUi({ document, ...options } as SwaggerUiOptions)).toThrow(message);
  });
});

/** The status of a path that is sent unchanged: `fetch` would normalize it. */
function statusOf(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(`GET ${path} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n`),
    );
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])));
    socket.on("error", reject);
  });
}
