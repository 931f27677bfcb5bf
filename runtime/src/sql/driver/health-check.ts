import { PotterError } from "../../errors/index.js";
import type { SqlRow } from "./driver.js";

/** Timeout of a health check in milliseconds. */
export const healthTimeout = 5000;

/** Settings without which acknowledged writes can be lost, and the danger of each. */
const expected = {
  fsync: "after a crash the whole database may be lost",
  full_page_writes: "after a crash the database may be damaged",
  synchronous_commit: "after a crash appends that were answered may be missing",
};

/** Columns that read these settings. */
export const durabilityColumns: string = Object.keys(expected)
  .map((name) => `current_setting('${name}') AS ${name}`)
  .join(", ");

/** Warnings for a row with these columns. */
export function findWarnings(row: SqlRow): readonly string[] {
  return Object.entries(expected)
    .filter(([name]) => row[name] === "off")
    .map(([name, danger]) => `${name} is off: ${danger}`);
}

/** Rejects with `unavailable` when work takes longer, in milliseconds. Does not cancel the work. */
export async function limitTime<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new PotterError("unavailable", `no answer within ${milliseconds} ms`, { confidential: true }));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long a health check has taken since `began`, a time of `performance.now()`, in milliseconds. */
export function latencySince(began: number): number {
  return Math.round((performance.now() - began) * 10) / 10;
}
