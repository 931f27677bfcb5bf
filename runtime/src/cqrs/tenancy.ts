import { PotterError } from "../errors/index.js";
import { withContext } from "./call-context.js";
import type { CallContext } from "./context.js";
import type { Middleware } from "./middleware.js";

/**
 * The tenant of a call, by its request and its caller. Throws for a request that names a tenant that is not its caller's. Where the caller
 * has none, the request names it: any, unless the context says of which it may name one.
 */
export function tenantOf(named: string, { tenant, tenants }: Pick<CallContext, "tenant" | "tenants">): string {
  if (named === tenant && (named !== "" || tenants === undefined)) return tenant;
  if (tenant !== "") {
    if (named === "") return tenant;
    throw new PotterError("permission_denied", "the request names another tenant than its caller's");
  }
  if (tenants !== undefined && tenants !== "any" && !tenants.includes(named)) {
    const message = tenants.length === 0 ? "the caller has no tenant" : "the request must name a tenant of its caller";
    throw new PotterError("permission_denied", message);
  }
  if (named === "") throw new PotterError("invalid_argument", "the request must name a tenant");
  return named;
}

/** Refuses requests that name a tenant that is not their caller's, and gives a call the tenant that its request names. */
export const tenancy: Middleware = (method) => {
  const read = method.tenant;
  if (read === undefined) return undefined;
  return async (call, next) => {
    const tenant = tenantOf(read(call.request), call.context);
    return next(tenant === call.context.tenant ? call : { ...call, context: withContext(call.context, { tenant }) });
  };
};
