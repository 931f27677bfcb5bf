import { PotterError } from "../errors/index.js";
import { withContext } from "./call-context.js";
import type { Middleware } from "./middleware.js";

/**
 * Refuses requests that name a tenant that is not their caller's. Where the caller has none, the request names it: any, unless the context
 * says of which it may name one.
 */
export const tenancy: Middleware = (method) => {
  const read = method.tenant;
  if (read === undefined) return undefined;
  return async (call, next) => {
    const named = read(call.request);
    const { tenant, tenants } = call.context;
    if (named === tenant && (named !== "" || tenants === undefined)) return next(call);
    if (tenant !== "") {
      if (named === "") return next(call);
      throw new PotterError("permission_denied", "the request names another tenant than its caller's");
    }
    if (tenants !== undefined && tenants !== "any" && !tenants.includes(named)) {
      const message =
        tenants.length === 0 ? "the caller has no tenant" : "the request must name a tenant of its caller";
      throw new PotterError("permission_denied", message);
    }
    if (named === "") throw new PotterError("invalid_argument", "the request must name a tenant");
    return next({ ...call, context: withContext(call.context, { tenant: named }) });
  };
};
