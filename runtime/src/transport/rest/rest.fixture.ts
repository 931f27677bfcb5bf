// An app of bare methods behind REST, without a server: the tests of this module send requests to it.
import { vi } from "vitest";
import type { AnyMethod, CallOptions, CallResult, HttpBinding, PathSegment } from "../../cqrs/index.js";
import { createGate, fetchHandler, type HttpOptions, type TransportHost } from "../../http/index.js";
import { OrderSchema } from "../../message/fixture.test.proto.js";
import { es } from "../../message/index.js";
import type { RestOptions } from "./options.js";
import { rest } from "./rest.js";

export const order = es(OrderSchema);
export const variable = (field: string, ...segments: string[]): PathSegment => ({ field, segments });
export const id = variable("order_id", "*");

export interface Setup {
  readonly http: Partial<HttpBinding> & { readonly method: string; readonly segments: readonly PathSegment[] };
  readonly method?: Partial<AnyMethod>;
  readonly invoke?: (request: unknown, options: CallOptions) => Promise<CallResult>;
}

export function app(setups: readonly Setup[], options: RestOptions & HttpOptions = {}, host?: Partial<TransportHost>) {
  const error = vi.fn();
  const methods = setups.map(({ http, method, invoke }, index) => ({
    method: {
      service: "test.v1.Orders",
      name: `Method${index}`,
      kind: http.method === "GET" ? "query" : "command",
      stream: "unary",
      request: order,
      response: order,
      http: [{ path: `/${http.segments.join("/")}`, ...http }],
      errors: {},
      ...method,
    } as AnyMethod,
    invoke: invoke ?? (async (request: unknown) => ({ response: request })),
  }));
  const logger = { debug() {}, info() {}, warn() {}, error };
  const unused = () => Promise.reject(new Error("REST calls methods as they are bound"));
  const { csrf, open } = createGate(options);
  const routes = rest(options).mount({ methods, logger, dispatch: unused, csrf, ...host });
  const handle = fetchHandler(open([routes]));
  const send = async (method: string, path: string, init: RequestInit & { json?: unknown } = {}) => {
    const body =
      "json" in init
        ? { body: JSON.stringify(init.json), headers: { "content-type": "application/json", ...init.headers } }
        : {};
    const response = await handle(new Request(`http://test${path}`, { method, ...init, ...body }));
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  };
  return { send, handle, error };
}

export const echo = (http: Setup["http"], options?: RestOptions & HttpOptions) => app([{ http }], options).send;
export const post = { method: "POST", segments: ["orders"], body: "*" };
export const postId = { method: "POST", segments: ["orders", id], body: "*" };
export const get = { method: "GET", segments: ["orders", id] };
export const violations = (answer: { body: { violations?: { in: string; field: string; rule: string }[] } }) =>
  (answer.body.violations ?? []).map((one) => `${one.in} ${one.field} ${one.rule}`);
