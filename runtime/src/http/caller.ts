import type { Caller, CallOptions } from "../cqrs/index.js";
import type { HttpRequest } from "./http.js";

/** What is known of a request before its body is read, whatever transport it came by. */
export interface CallerRequest extends Pick<HttpRequest, "method" | "path" | "query" | "header" | "signal"> {
  /** Over a WebSocket, whose request is the one that opened it: what the client sent when it connected, `{}` if nothing. Else absent. */
  readonly connectionParams?: Readonly<Record<string, unknown>>;
}

/** Finds out who calls. What it throws refuses the request. */
export type FindCaller = (request: CallerRequest) => Caller | undefined | Promise<Caller | undefined>;

/** What calls of a request are made with, since this is who calls. */
export type CallerOptions = Pick<CallOptions, "user" | "tenant" | "tenants" | "metadata">;

/** Makes of the `caller` of an app what transports ask before they read a body. */
export function createIdentify(find: FindCaller): (request: CallerRequest) => Promise<CallerOptions> {
  return async (request) => {
    const found: unknown = (await find(request)) ?? {};
    if (typeof found !== "object") {
      throw new Error(`caller gave a ${typeof found}: expected an object with the user and the tenant, or nothing`);
    }
    const { user, tenant, tenants, metadata } = found as Caller;
    checkText("user", user);
    checkText("tenant", tenant);
    if (tenants !== undefined && tenants !== "any" && !isTexts(tenants)) {
      throw new Error('caller gave tenants that are no list of strings: expected the ids of tenants, or "any"');
    }
    if (metadata !== undefined && !(isPlain(metadata) && isTexts(Object.values(metadata)))) {
      throw new Error("caller gave metadata that is no object whose values are strings");
    }
    // Without a list none may be named: a caller that is forgotten to be bound to a tenant sees nothing of any.
    return { user: user ?? "", tenant: tenant ?? "", tenants: tenants ?? [], ...(metadata && { metadata }) };
  };
}

function isTexts(values: unknown): boolean {
  return Array.isArray(values) && values.every((value) => typeof value === "string");
}

function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkText(name: string, value: unknown): void {
  if (value === undefined || typeof value === "string") return;
  throw new Error(`caller gave a ${name} that is no string but ${value === null ? "null" : typeof value}`);
}
