import { PotterError } from "../errors/index.js";
import type { Call } from "./call.js";
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
  const isStream = method.stream === "client" || method.stream === "bidi";
  return async (call, next) => {
    const { context } = call;
    if (!isStream) return next(withTenant(call, tenantOf(read(call.request), context)));
    const iterator = (call.request as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    const first = await iterator.next();
    let tenant: string;
    try {
      tenant = tenantOf(first.done === true ? "" : read(first.value), context);
    } catch (error) {
      await iterator.return?.();
      throw error;
    }
    const request = checkTenants(first, iterator, (message) => tenantOf(read(message), context) === tenant);
    return next(withTenant({ ...call, request }, tenant));
  };
};

function withTenant(call: Call, tenant: string): Call {
  return tenant === call.context.tenant ? call : { ...call, context: withContext(call.context, { tenant }) };
}

/** Returns the requests of a stream. All must be for the tenant of the first one, whose data the handler uses. */
async function* checkTenants(
  first: IteratorResult<unknown>,
  iterator: AsyncIterator<unknown>,
  isSame: (message: unknown) => boolean,
): AsyncGenerator<unknown> {
  try {
    for (let step = first; step.done !== true; step = await iterator.next()) {
      if (!isSame(step.value)) {
        throw new PotterError("permission_denied", "a request of the stream names another tenant than the first one");
      }
      yield step.value;
    }
  } finally {
    await iterator.return?.();
  }
}
