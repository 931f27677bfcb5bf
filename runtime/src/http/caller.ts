import type { Caller, CallOptions } from "../cqrs/index.js";
import type { HttpRequest } from "./http.js";

/** A request before its body is read, whatever transport received it. */
export interface CallerRequest extends Pick<HttpRequest, "method" | "path" | "query" | "header" | "signal"> {
  /**
   * Only over a WebSocket, where the request is the one that opened it: the payload that the client sent when it connected, or `{}`.
   */
  readonly connectionParams?: Readonly<Record<string, unknown>>;
}

/** Identifies the caller. An error refuses the request. */
export type FindCaller = (request: CallerRequest) => Caller | undefined | Promise<Caller | undefined>;

/** The call options that depend on the caller. */
export interface CallerOptions extends Pick<CallOptions, "user" | "tenant" | "tenants" | "metadata"> {
  /** When the credentials expire. Absent: unknown. */
  readonly expires?: Date;
}

/** Creates the function that transports call before they read a body, from the `caller` of an app. */
export function createIdentify(find: FindCaller): (request: CallerRequest) => Promise<CallerOptions> {
  return async (request) => {
    const found: unknown = (await find(request)) ?? {};
    if (typeof found !== "object") {
      throw new Error(`caller returned a ${typeof found}: expected an object with user and tenant, or nothing`);
    }
    const { user, tenant, tenants, metadata, expires } = found as Caller;
    checkString("user", user);
    checkString("tenant", tenant);
    if (tenants !== undefined && tenants !== "any" && !isStrings(tenants)) {
      throw new Error('caller returned invalid tenants: expected a list of tenant ids, or "any"');
    }
    if (metadata !== undefined && !(isPlain(metadata) && isStrings(Object.values(metadata)))) {
      throw new Error("caller returned invalid metadata: expected an object whose values are strings");
    }
    if (expires !== undefined && !(expires instanceof Date && !Number.isNaN(expires.getTime()))) {
      throw new Error("caller returned invalid expires: expected a Date");
    }
    // Without a list, a request may name no tenant: a caller that is bound to none in error sees no data of any.
    const optional = { ...(metadata && { metadata }), ...(expires && { expires }) };
    return { user: user ?? "", tenant: tenant ?? "", tenants: tenants ?? [], ...optional };
  };
}

function isStrings(values: unknown): boolean {
  return Array.isArray(values) && values.every((value) => typeof value === "string");
}

function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkString(name: string, value: unknown): void {
  if (value === undefined || typeof value === "string") return;
  throw new Error(`caller returned a ${name} that is ${value === null ? "null" : typeof value}: expected a string`);
}
