import type { OutgoingCall } from "../transport/index.js";

/** What is sent with a request. */
export type CallMetadata = Readonly<Record<string, unknown>>;

/** Turns the headers of a call into what frames have for them. `credit`: how many items of a stream may be sent ahead. */
export function toMetadata({ headers, timeout, method }: OutgoingCall, credit: number): CallMetadata {
  const { authorization, "idempotency-key": commandId, "if-match": match, "if-none-match": none, ...others } = headers;
  const { "x-correlation-id": correlationId, "last-event-id": after, ...rest } = others;
  const isStream = method.stream === "server" || method.stream === "bidi";
  // Members that are undefined are not in the JSON.
  return {
    commandId,
    expectedVersion: none === undefined ? readVersions(match) : 0,
    correlationId,
    after,
    ...(isStream ? { credit } : { timeout: timeout && Math.ceil(timeout) }),
    headers: Object.keys(rest).length > 0 ? rest : undefined,
  };
}

function readVersions(match: string | readonly string[] | undefined): number | number[] | "any" | undefined {
  if (match === undefined) return undefined;
  if (match === "*") return "any";
  const versions = (String(match).match(/\d+/g) ?? []).map(Number);
  return versions.length === 1 ? versions[0] : versions;
}

/** The token of a call: connections are opened with it. */
export function tokenOf({ headers }: OutgoingCall): string | undefined {
  return /^Bearer (.+)$/.exec(String(headers["authorization"] ?? ""))?.[1];
}
