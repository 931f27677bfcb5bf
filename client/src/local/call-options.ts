import { PotterClientError } from "../errors/index.js";
import type { OutgoingCall } from "../transport/index.js";
import { LocalMetadata } from "./local-metadata.js";

/** Turns the headers of a call into the options of the app. */
export function toCallOptions({ headers, signal, timeout }: OutgoingCall): Record<string, unknown> & {
  readonly responseHeaders: LocalMetadata;
  readonly responseTrailers: LocalMetadata;
} {
  const one = (name: string): string | undefined => (headers[name] === undefined ? undefined : String(headers[name]));
  const entries = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  const isWait = headers["potter-after"] !== undefined || headers["potter-wait-for"] !== undefined;
  const given = {
    commandId: readCommandId(one("idempotency-key")),
    correlationId: one("x-correlation-id"),
    lastEventId: one("last-event-id"),
    expectedVersion: readVersion(one("if-match"), one("if-none-match")),
    signal,
    wait: isWait ? { header: one, limit: timeout && { milliseconds: timeout, run } } : undefined,
  };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    requestHeaders: new LocalMetadata(entries),
    responseHeaders: new LocalMetadata(),
    responseTrailers: new LocalMetadata(),
  };
}

/** The client itself ends what takes too long: the app ends its wait before. */
function run<Result>(call: () => Result): Result {
  return call();
}

/** Throws as servers do for what they cannot read. */
function readCommandId(text: string | undefined): string | undefined {
  const key = /^"(.*)"$/.exec(text ?? "")?.[1] ?? text;
  if (key === undefined || /^[!#-[\]-~]{1,255}$/.test(key)) return key;
  throw new PotterClientError("invalid_argument", "idempotency-key must be 1 to 255 visible ASCII characters");
}

function readVersion(match: string | undefined, none: string | undefined): number | number[] | "any" | undefined {
  if (none !== undefined) return 0;
  if (match === undefined || match === "*") return match && "any";
  const versions = Array.from(match.matchAll(/"(\d+)"/g), ([, version]) => Number(version));
  if (versions.length === 0) throw new PotterClientError("invalid_argument", "if-match must list versions");
  return versions.length === 1 ? versions[0] : versions;
}
