import type { AnyMethod, Problem } from "@potter/runtime/transport";
import { type Caller, comparableField, type Outcome, type TrialCall } from "../caller.js";

/** Calls over REST: path, query and body by the first binding, problem+json, server-sent events. */
export function rest(url: string): Caller {
  return {
    name: "REST",
    excludes({ method, requests }) {
      if (method.stream === "client" || method.stream === "bidi") return "REST cannot send a stream of requests";
      const { path } = method.http[0] as HttpBinding;
      for (const [, name = ""] of path.matchAll(variables)) {
        const values = [toJsonName(name), name].filter((key) => key in (requests[0] as Json));
        if (new Set(values).size !== 1) return "a path has each of its fields once";
        const value = (requests[0] as Json)[values[0] as string];
        if (value === "" || typeof value !== "string") return "a field in a path is text that is not empty";
      }
      if ((method.http[0] as HttpBinding).body === undefined && hasEmptyMessage(requests[0])) {
        return "parameters cannot express an empty message";
      }
      return undefined;
    },
    async call(call) {
      const { method, requests, cancel } = call;
      const { path, init } = toRequest(method.http[0] as HttpBinding, requests[0] as Json);
      let response: Response;
      try {
        response = await fetch(`${url}${path}`, {
          ...init,
          headers: { ...init.headers, ...headersOf(call) },
          signal: cancel ?? null,
        });
      } catch (error) {
        if (cancel?.aborted !== true) throw error;
        return { code: "cancelled", responses: [] };
      }
      if (response.ok && method.stream === "server")
        return readEvents(response.body as unknown as AsyncIterable<Uint8Array>, call.take);
      const text = await response.text();
      if (!response.ok) return toFailure(JSON.parse(text) as Problem, response.headers.get("retry-after"));
      const version = /^"(\d+)"$/.exec(response.headers.get("etag") ?? "")?.[1];
      return {
        code: "ok",
        responses: [text === "" ? {} : JSON.parse(text)],
        version: version === undefined ? undefined : Number(version),
      };
    },
  };
}

const variables = /\{(\w+)\}/g;

type HttpBinding = AnyMethod["http"][number];
type Json = Readonly<Record<string, unknown>>;

function headersOf({ method, commandId, expectedVersion, after, timeout }: TrialCall): Record<string, string> {
  return {
    accept: method.stream === "server" ? "text/event-stream" : "application/json",
    ...(commandId !== undefined && { "idempotency-key": commandId }),
    ...(expectedVersion !== undefined &&
      (expectedVersion === 0 ? { "if-none-match": "*" } : { "if-match": `"${expectedVersion}"` })),
    ...(after !== undefined && { "last-event-id": after }),
    ...(timeout !== undefined && { "request-timeout": String(timeout / 1000) }),
  };
}

function toRequest(http: HttpBinding, request: Json): { path: string; init: RequestInit & { headers?: object } } {
  const rest: Record<string, unknown> = { ...request };
  const path = http.path.replaceAll(variables, (_, name: string) => {
    const key = toJsonName(name) in rest ? toJsonName(name) : name;
    const value = rest[key];
    delete rest[key];
    return encodeURIComponent(String(value ?? ""));
  });
  if (http.body === "*") {
    const headers = { "content-type": "application/json" };
    return { path, init: { method: http.method, headers, body: JSON.stringify(rest) } };
  }
  const query = new URLSearchParams(toParameters(rest, "")).toString();
  return { path: query === "" ? path : `${path}?${query}`, init: { method: http.method } };
}

/** The only map in a query is `weights` of Question. */
function toParameters(value: unknown, name: string): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((one) => toParameters(one, name));
  if (typeof value === "object" && value !== null) {
    const join = (key: string): string =>
      name === "" ? key : name === "weights" ? `weights[${key}]` : `${name}.${key}`;
    return Object.entries(value).flatMap(([key, one]) => toParameters(one, join(key)));
  }
  return [[name, String(value)]];
}

function hasEmptyMessage(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((one) => typeof one === "object");
  if (!isPlain(value)) return false;
  return Object.values(value).some((one) => (isPlain(one) && Object.keys(one).length === 0) || hasEmptyMessage(one));
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function toJsonName(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

async function readEvents(body: AsyncIterable<Uint8Array>, take: number | undefined): Promise<Outcome> {
  const responses: unknown[] = [];
  const decoder = new TextDecoder();
  let text = "";
  // Leaving the loop cancels the body, and so the request.
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split("\n\n");
    text = events.pop() as string;
    for (const event of events) {
      const type = /^event: ?(.*)$/m.exec(event)?.[1];
      const data = /^data: ?(.*)$/m.exec(event)?.[1] ?? "";
      if (type === "end") return { code: "ok", responses };
      if (type === "error") return { ...toFailure(JSON.parse(data) as Problem, null), responses };
      if (data !== "") responses.push(JSON.parse(data));
      if (responses.length === take) return { code: "ok", responses };
    }
  }
  throw new Error(`the stream ended without an end, after ${responses.length} items`);
}

/** Converts a problem of RFC 9457, which WebSockets send too. */
export function toFailure(problem: Problem, retryAfter: string | null): Outcome {
  const { "@type": type, ...json } = problem.error ?? {};
  return {
    code: problem.code,
    responses: [],
    message: problem.detail ?? problem.title,
    violations: (problem.violations ?? []).map(({ field, rule, message }) => ({
      field: comparableField(field),
      rule,
      message,
    })),
    declared: type === undefined ? undefined : { type: type as string, json },
    retryAfter: retryAfter === null ? undefined : Number(retryAfter) * 1000,
  };
}
