import { toBase64 } from "../base64/index.js";
import type { MethodInfo } from "../contract/index.js";
import { isPositionLost, toClientError } from "../errors/index.js";
import type { Connection } from "../resilience/index.js";
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
  const isStream = method.stream === "server" || method.stream === "bidi";
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
    // The limit of a contract is for a response to begin: a stream of responses has none here.
    timeout: options.timeout ?? (isStream ? undefined : (method.timeout ?? timeout)),
    signal: options.signal,
    idleTimeout: options.idleTimeout,
  };
}

function toEntityTags(version: ExpectedVersion | undefined): string | undefined {
  if (version === 0 || version === "any") return "*";
  const versions = version === undefined ? undefined : [version].flat();
  return versions?.map((one) => `"${one}"`).join(", ");
}

/** A random id. `crypto.randomUUID` exists only in secure contexts. */
function newId(): string {
  return toBase64(crypto.getRandomValues(new Uint8Array(16)));
}

/** Sends a call through the interceptors of its client to `last`. */
export async function sendThrough(
  { interceptors, session }: Connection,
  call: OutgoingCall,
  last: Next,
): Promise<Answer> {
  const first = interceptors.reduceRight<Next>((next, interceptor) => (one) => interceptor(one, next), last);
  try {
    const answer = await first(call);
    const position = answer.headers.get("potter-position");
    if (position) session?.reach(position, String(call.headers["potter-after"]));
    return answer;
  } catch (thrown) {
    const error = toClientError(thrown);
    if (isPositionLost(error)) session?.clear();
    throw error;
  }
}
