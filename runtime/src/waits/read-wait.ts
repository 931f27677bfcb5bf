import type { ReadonlyMetadata, WaitRequest } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";

/** Reads a header, or a value of metadata, by its lower-case name. */
export type ReadHeader = (name: string) => string | undefined;

/** What a call waits for, in the words of its caller. */
export interface Asked {
  /** Tokens of positions, of which the highest counts. Absent: the caller asks for no position. Empty: it knows none yet. */
  readonly after?: readonly string[] | undefined;
  readonly until?: readonly string[] | undefined;
  readonly within?: number | undefined;
}

/** The most tokens in `potter-after`. */
const maxTokens = 100;
/** The most names in `potter-wait-for`. */
const maxNames = 16;
/** The longest wait that a client can request, in milliseconds. */
const maxWait = 600_000;

/** Returns what a call waits for. Throws `invalid_argument` for malformed metadata. */
export function readAsked(wait: WaitRequest): Asked {
  const { header, after, until, within } = wait;
  if (header === undefined) return { after: readTokens(after), until, within };
  const names = header("potter-wait-for");
  return {
    after: readTokens(header("potter-after")),
    until: names === undefined ? undefined : readNames(names),
    within: readWithin(header),
  };
}

/**
 * Reads how long a client waits, in milliseconds: `potter-wait`, or the preferences `wait` and `respond-async` of `prefer` (RFC 7240).
 * Returns undefined if it does not say.
 */
export function readWithin(header: ReadHeader): number | undefined {
  const own = header("potter-wait");
  if (own !== undefined) {
    if (/^\d{1,9}$/.test(own)) return Math.min(Number(own), maxWait);
    throw new PotterError("invalid_argument", "potter-wait must be a number of milliseconds, like 5000");
  }
  const preferences = preferencesOf(header);
  // What is not understood is ignored, as RFC 7240 demands; of several, the first counts.
  const seconds = preferences.map((one) => waitPreference.exec(one)?.[1]).find((one) => one !== undefined);
  if (seconds !== undefined) return Math.min(Number(seconds) * 1000, maxWait);
  return preferences.some((one) => asyncPreference.test(one)) ? 0 : undefined;
}

/** The preferences that `readWithin` has applied: the value of `preference-applied`. undefined: none. */
export function appliedPreferences(header: ReadHeader): string | undefined {
  if (header("potter-wait") !== undefined) return undefined;
  const applied = preferencesOf(header).filter((one) => waitPreference.test(one) || asyncPreference.test(one));
  return applied.length === 0 ? undefined : applied.join(", ");
}

/** Reads the metadata of a call. */
export function readerOf(metadata: ReadonlyMetadata): ReadHeader {
  return (name) => metadata.get(name);
}

const waitPreference = /^wait\s*=\s*"?(\d{1,6})"?$/i;
const asyncPreference = /^respond-async$/i;

function preferencesOf(header: ReadHeader): readonly string[] {
  return (header("prefer") ?? "").split(",").map((one) => one.trim());
}

/** A client whose commands ran at the same time does not know which position is the highest, and sends all. */
function readTokens(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const tokens = readList(text);
  if (tokens.length > 0 && tokens.length <= maxTokens) return tokens.filter((token) => token !== "0");
  const message = `potter-after must list 1 to ${maxTokens} positions that calls have returned, or be 0`;
  throw new PotterError("invalid_argument", message);
}

function readList(text: string): readonly string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function readNames(header: string): readonly string[] {
  const names = readList(header);
  if (names.length > 0 && names.length <= maxNames && names.every((name) => /^[\w.]{1,255}$/.test(name))) return names;
  const message = `potter-wait-for must list 1 to ${maxNames} names of read models or events, separated by commas`;
  throw new PotterError("invalid_argument", message);
}
