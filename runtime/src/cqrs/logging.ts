import { isPotterError } from "../errors/index.js";
import { cancellationOf } from "./cancellation.js";
import type { CallContext } from "./context.js";
import type { Logger } from "./logger.js";
import type { AnyMethod } from "./method.js";
import type { Middleware } from "./middleware.js";
import { isTentative } from "./tentative-call.js";

/** Logs every call with method, correlation id, duration and outcome. Never logs requests or responses. */
export function logging(logger: Logger): Middleware {
  return (method) => async (call, next) => {
    const start = performance.now();
    try {
      const result = await next(call);
      logger.debug("call succeeded", fieldsOf(method, call.context, start));
      return result;
    } catch (error) {
      const known = cancellationOf(error, call.context.signal) ?? error;
      const code = isPotterError(known) ? known.code : "internal";
      const fields = { ...fieldsOf(method, call.context, start), code };
      if (isTentative(call.context)) logger.debug("call will be made again by itself", fields);
      else logger.info("call failed", fields);
      throw error;
    }
  };
}

function fieldsOf(method: AnyMethod, context: CallContext, start: number): Readonly<Record<string, unknown>> {
  return {
    method: `${method.service}.${method.name}`,
    correlationId: context.correlationId,
    tenant: context.tenant,
    milliseconds: Math.round((performance.now() - start) * 1000) / 1000,
  };
}
