import type { HttpRule } from "../contract/index.js";
import { PotterClientError } from "../errors/index.js";
import { type OutgoingCall, type Transport, toFetchHeaders, toNetworkError } from "../transport/index.js";
import { readStream, readUnary } from "./answers.js";
import { type Fields, takeField } from "./fields.js";
import { fillPath } from "./path.js";
import { toQuery } from "./query.js";

/** The options of the REST transport. */
export interface RestTransportOptions {
  /** Where the service is, with its path if it has one: `https://shop.example.com`. */
  readonly baseUrl: string;
  /** Sends the requests. Default: `fetch` of the platform. */
  readonly fetch?: typeof globalThis.fetch;
  /** Whether requests carry cookies. Default: to the own origin only, as `fetch` does. */
  readonly credentials?: "include" | "omit" | "same-origin";
  /**
   * Milliseconds without a byte after which a stream counts as broken; services send a comment every 15 s. 0: no limit.
   * Default: 60,000.
   */
  readonly idleTimeout?: number;
}

/** Calls services by the HTTP bindings of their contract: JSON over `fetch`, and server-sent events for streams. */
export function restTransport(options: RestTransportOptions): Transport {
  const { credentials, idleTimeout = 60_000 } = options;
  const base = options.baseUrl.replace(/\/$/, "");
  return {
    async send(call) {
      const { method, signal, timeout } = call;
      const rule = ruleOf(call);
      const isStream = method.stream === "server";
      const { url, body } = toRequest(call, rule);
      const headers = toFetchHeaders(call.headers, {
        accept: isStream ? "text/event-stream" : "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(timeout !== undefined && { "request-timeout": String(Math.ceil(timeout) / 1000) }),
      });
      const init = { method: rule.method, headers, ...(body !== undefined && { body }) };
      let response: Response;
      try {
        const { fetch = globalThis.fetch } = options;
        response = await fetch(base + url, { ...init, ...(credentials && { credentials }), ...(signal && { signal }) });
      } catch (error) {
        throw toNetworkError(method, signal, error);
      }
      return isStream
        ? readStream(call, rule, response, call.idleTimeout ?? idleTimeout)
        : readUnary(call, rule, response);
    },
  };
}

/** The service of waits is in no contract. */
const waitRule: HttpRule = { method: "GET", path: "/potter/v1/waits/{token}" };

function ruleOf({ method }: OutgoingCall): HttpRule {
  const { service, name, stream } = method;
  const http = service === "potter.v1.WaitService" ? waitRule : method.http;
  if (http === undefined) throw new PotterClientError("unimplemented", `${name} has no HTTP binding in the contract`);
  if (stream === "unary" || stream === "server") return http;
  throw new PotterClientError("unimplemented", `${name} takes a stream of requests, which REST cannot send`);
}

function toRequest({ method, request }: OutgoingCall, rule: HttpRule): { url: string; body: string | undefined } {
  const fields: Fields = { ...((method.request?.toJson(request) ?? request) as Fields) };
  const path = fillPath(rule.path, fields);
  if (rule.body === "*") return { url: path, body: JSON.stringify(fields) };
  const body = rule.body === undefined ? undefined : JSON.stringify(takeField(fields, rule.body));
  return { url: path + toQuery(fields, rule.maps), body };
}
