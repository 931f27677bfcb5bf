import { PotterError } from "../../../errors/index.js";
import type { RequestLike } from "../context/index.js";

/**
 * What headers say over HTTP, said by the `extensions` of an operation, since a socket has its headers only once:
 * `correlationId`, `traceparent`, `idempotencyKey`, `ifMatch`, `ifNoneMatch`.
 */
export function toHeaders(extensions: Readonly<Record<string, unknown>> = {}): RequestLike["headers"] {
  const names: Readonly<Record<string, string>> = {
    "x-correlation-id": "correlationId",
    traceparent: "traceparent",
    "idempotency-key": "idempotencyKey",
    "if-match": "ifMatch",
    "if-none-match": "ifNoneMatch",
  };
  return {
    get: (header) => {
      const name = names[header];
      const value = name === undefined ? undefined : extensions[name];
      if (value === undefined || value === null) return null;
      if (typeof value === "string") return value;
      // What is malformed must not be passed over: a retry would be carried out again.
      throw new PotterError("invalid_argument", `extensions.${name} must be a text`);
    },
  };
}

/** The place after which a subscription is to go on. Throws for what can be none. */
export function readLastEventId(extensions: Readonly<Record<string, unknown>> = {}): string | undefined {
  const { lastEventId } = extensions;
  if (lastEventId === undefined || lastEventId === null) return undefined;
  if (typeof lastEventId === "string" && /^[^\0\r\n]{1,1024}$/.test(lastEventId)) return lastEventId;
  throw new PotterError("invalid_argument", "extensions.lastEventId must be a text of one line");
}
