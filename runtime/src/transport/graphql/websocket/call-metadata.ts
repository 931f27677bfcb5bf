import { PotterError } from "../../../errors/index.js";
import type { RequestLike } from "../context/index.js";

/**
 * Reads the call headers of an operation from its `extensions`, since the headers of a socket are sent once: `correlationId`,
 * `traceparent`, `idempotencyKey`, `ifMatch`, `ifNoneMatch`.
 */
export function headersFromExtensions(extensions: Readonly<Record<string, unknown>> = {}): RequestLike["headers"] {
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
      // Not ignored: without its idempotency key, a retry would execute twice.
      throw new PotterError("invalid_argument", `extensions.${name} must be a string`);
    },
  };
}

/** The id of the event after which a subscription resumes. Throws if it is malformed. */
export function readLastEventId(extensions: Readonly<Record<string, unknown>> = {}): string | undefined {
  const { lastEventId } = extensions;
  if (lastEventId === undefined || lastEventId === null) return undefined;
  if (typeof lastEventId === "string" && /^[^\0\r\n]{1,1024}$/.test(lastEventId)) return lastEventId;
  throw new PotterError("invalid_argument", "extensions.lastEventId must be a string of one line");
}
