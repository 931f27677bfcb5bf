import { PotterError } from "../errors/index.js";

/** Begins every gid of Potter, of whatever log. */
export const commonPrefix = "potter:";

/**
 * A gid, in three parts: the log that decides about it, the transaction, and the participant, since two participants may be
 * databases of one server. All before the last colon has at most 60 bytes, which fits the `gtrid` of XA.
 */
export interface Gid {
  readonly log: string;
  readonly transaction: string;
  readonly participant: string;
}

const pattern =
  /^potter:([0-9a-f]{16}):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):([a-z0-9-]{1,40})$/;

export function printGid({ log, transaction, participant }: Gid): string {
  return `${commonPrefix}${log}:${transaction}:${participant}`;
}

/** Reads a gid; undefined if it is none of Potter. */
export function readGid(text: string): Gid | undefined {
  const [, log, transaction, participant] = pattern.exec(text) ?? [];
  if (log === undefined || transaction === undefined || participant === undefined) return undefined;
  return { log, transaction, participant };
}

/** Whether a text is the id of a log. Branches of another would not be recognized by recovery, and keep their locks. */
export function isLogId(text: unknown): boolean {
  return typeof text === "string" && /^[0-9a-f]{16}$/.test(text);
}

/** Milliseconds since the id of a transaction was created, which is a UUID of version 7. */
export function ageOf(transaction: string): number {
  return Date.now() - Number.parseInt(transaction.replaceAll("-", "").slice(0, 12), 16);
}

/** Throws `invalid_argument` for names that cannot be part of a gid, or that are not unique. */
export function checkNames(names: readonly string[]): void {
  for (const [at, name] of names.entries()) {
    if (typeof name !== "string" || !/^[a-z0-9-]{1,40}$/.test(name)) {
      throw new PotterError(
        "invalid_argument",
        `the name of a participant has 1 to 40 of a–z, 0–9 and "-": found ${JSON.stringify(name)}`,
      );
    }
    if (names.indexOf(name) !== at) {
      throw new PotterError("invalid_argument", `two participants have the name ${name}: give each its own`);
    }
  }
}
