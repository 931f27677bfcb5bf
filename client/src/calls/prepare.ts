import { toBase64 } from "../base64/index.js";
import type { MethodInfo } from "../contract/index.js";
import { isPositionLost, toClientError } from "../errors/index.js";
import { type Connection, startDeadline } from "../resilience/index.js";
import type { Answer, Next, OutgoingCall } from "../transport/index.js";
import type { CallOptions, CommandOptions, ExpectedVersion, StreamOptions } from "./options.js";

/** What calls are made with: a client, or one of its sessions. */
export interface Caller {
  /** For generated code. */
  readonly connection: Connection;
}

/** Turns the options of a call into its headers. */
export function prepare(
  { session, timeout }: Connection,
  method: MethodInfo,
  request: unknown,
  options: CallOptions & CommandOptions & StreamOptions,
): OutgoingCall {
  const { expectedVersion } = options;
  // A random id of letters and digits: services may use it in paths. `crypto.randomUUID` exists only in secure contexts.
  const newId = () => toBase64(crypto.getRandomValues(new Uint8Array(18))).replace(/\W/g, "");
  const named = {
    "x-correlation-id": options.correlationId,
    "last-event-id": options.lastEventId,
    "idempotency-key": options.commandId,
    [expectedVersion === 0 ? "if-none-match" : "if-match"]: toEntityTags(expectedVersion),
    "potter-after": options.after ?? session?.after,
  };
  const headers: Record<string, string | readonly string[]> = { ...options.headers };
  for (const [name, value] of Object.entries(named)) if (value !== undefined) headers[name] = value;
  if (method.repeat === "keyed") headers["idempotency-key"] ??= newId();
  return {
    method,
    request,
    headers,
    timeout: options.timeout ?? method.timeout ?? timeout,
    signal: options.signal,
    idleTimeout: options.idleTimeout,
  };
}

function toEntityTags(version: ExpectedVersion | undefined): string | undefined {
  if (version === 0 || version === "any") return "*";
  if (version === undefined) return version;
  return [version]
    .flat()
    .map((one) => `"${one}"`)
    .join(", ");
}

/** Sends a call to `last` through the interceptors of its client, which share its time. */
export async function sendThrough(connection: Connection, call: OutgoingCall, last: Next): Promise<Answer> {
  const { interceptors, session } = connection;
  const deadline = interceptors.length > 0 ? startDeadline(call.timeout, call.signal, connection) : undefined;
  const inTime: Next = async (one) => {
    const timeout = deadline?.left();
    return last(one.timeout === call.timeout ? { ...one, timeout } : one);
  };
  const first = interceptors.reduceRight<Next>((next, interceptor) => (one) => interceptor(one, next), inTime);
  try {
    const answer = await (deadline ? deadline.race(() => first(call)) : last(call));
    const position = answer.headers.get("potter-position");
    if (position) session?.reach(position, String(call.headers["potter-after"]));
    return answer;
  } catch (thrown) {
    const error = toClientError(thrown);
    if (isPositionLost(error)) session?.clear();
    throw error;
  } finally {
    deadline?.end();
  }
}
