import { expect, it, vi } from "vitest";
import { silentLogger } from "../../cqrs/index.js";
import { fetchHandler, firstOf } from "../../http/index.js";
import { health } from "./health.js";

const open = (options = {}, checkReady?: () => Promise<void>, logger = silentLogger) => {
  const dispatch = () => Promise.reject(new Error("probes call nothing"));
  const host = { methods: [], logger, dispatch, ...(checkReady && { checkReady }) };
  const handle = fetchHandler(firstOf([health(options).mount(host)]));
  return (path: string, method = "GET") => handle(new Request(`http://shop${path}`, { method }));
};

it("answers liveness and readiness by GET and HEAD, and nothing else", async () => {
  const call = open({}, async () => {});
  for (const path of ["/healthz/live", "/healthz/ready"]) {
    const got = await call(path);
    expect([got.status, got.headers.get("cache-control"), await got.text()]).toEqual([200, "no-store", "ok\n"]);
    const head = await call(path, "HEAD");
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const posted = await call(path, "POST");
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    expect((await call(path, "OPTIONS")).status).toBe(204);
  }
  expect((await call("/healthz")).status).toBe(404);
  expect((await call("/healthz/live/")).status).toBe(404);
});

it("answers 503 without the reason, which is logged, and stays alive", async () => {
  const warn = vi.fn();
  const error = new Error("password authentication failed for user potter");
  const call = open({}, () => Promise.reject(error), { ...silentLogger, warn });
  const refused = await call("/healthz/ready");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
  const { instance, correlationId, ...problem } = await refused.json();
  expect(problem).toEqual({
    code: "unavailable",
    detail: "the service is not ready: try again later",
    status: 503,
    title: "Service Unavailable",
    type: "about:blank",
  });
  expect([instance, typeof correlationId]).toEqual(["/healthz/ready", "string"]);
  expect(warn.mock.calls).toEqual([["the app is not ready", { error }]]);
  expect((await call("/healthz/live")).status).toBe(200);
});

it("has the paths of its options", async () => {
  const call = open({ live: "/live", ready: "/internal/ready" });
  expect((await call("/live")).status).toBe(200);
  expect((await call("/internal/ready")).status).toBe(200);
  expect((await call("/healthz/live")).status).toBe(404);
});

it.each([
  [{ live: "live" }, 'health.live is "live": expected a path such as "/healthz"'],
  [{ ready: "/" }, 'health.ready is "/"'],
  [{ ready: "/a b" }, 'health.ready is "/a b"'],
  [{ ready: "/a?b" }, 'health.ready is "/a?b"'],
  [{ ready: "/healthz/live" }, "live and ready have the same path /healthz/live"],
])("refuses the paths %j", (options, message) => {
  expect(() => health(options)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  expect(() => health(options)).toThrow(message);
});
