import { PotterError } from "../errors/index.js";
import { withContext } from "./call-context.js";
import type { CallContext } from "./context.js";
import type { Middleware } from "./middleware.js";

/**
 * Determines the tenant of a call from its request and its caller. If the caller has no tenant, the request must name one, out of
 * `tenants` if these are set. Throws `permission_denied` if the request names a tenant that the caller may not use, and
 * `invalid_argument` if it names none.
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

/** Sets the tenant of a call from its request, and refuses a request for a tenant that its caller may not use. */
export const tenancy: Middleware = (method) => {
  const read = method.tenant;
  if (read === undefined) return undefined;
  return async (call, next) => {
    const tenant = tenantOf(read(call.request), call.context);
    return next(tenant === call.context.tenant ? call : { ...call, context: withContext(call.context, { tenant }) });
  };
};
