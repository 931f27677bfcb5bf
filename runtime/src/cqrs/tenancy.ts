import { PotterError } from "../errors/index.js";
import { withContext } from "./call-context.js";
import type { Middleware } from "./middleware.js";

/** Refuses requests that name another tenant than their caller's; takes the tenant from the request where the caller has none. */
export const tenancy: Middleware = (method) => {
  const read = method.tenant;
  if (read === undefined) return undefined;
  return async (call, next) => {
    const named = read(call.request);
    const { tenant } = call.context;
    if (named === "" || named === tenant) return next(call);
    if (tenant !== "") throw new PotterError("permission_denied", "the request names another tenant than its caller's");
    return next({ ...call, context: withContext(call.context, { tenant: named }) });
  };
};
