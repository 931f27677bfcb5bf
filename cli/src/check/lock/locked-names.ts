import { Diagnostics, lockNames, OptionError } from "@potter/generator/tooling";
import { CliError } from "../../cli-error.js";
import { factsOf, findLockLine, isIncomplete, parseLockFile } from "../../lock-file/index.js";
import type { Contract } from "../contract/index.js";
import { entryOf, type Finding, type FindingCode, type Place } from "../findings/index.js";

const file = "potter.lock";

/** A contract, and the text of its potter.lock; empty: it has none. */
export interface LockedContract {
  readonly contract: Contract;
  readonly lock: string;
}

/**
 * Compares the names of potter.lock with those of the contract. Without a lock nothing is compared. `isBase`: the contract is compared
 * with the lock as a whole, which says more about what is lost. Throws a CliError if the lock cannot be read.
 */
export function findLockFindings(locked: LockedContract, isBase: boolean): readonly Finding[] {
  if (locked.lock === "") return [];
  // First of all: it knows the lines of the schema too.
  const facts = findFacts(locked, isBase);
  return [...findSchemaNames(locked), ...facts];
}

/** Events, routes and sagas. A lock that was written before they were recorded has none, and lacks none. */
function findFacts({ contract, lock }: LockedContract, isBase: boolean): readonly Finding[] {
  const entries = parseLockFile(lock, file);
  if (isIncomplete(entries)) return [];
  const present = factsOf(contract.model);
  const lost = [...entries.keys()].filter((name) => /^(?:event|rest|saga) /.test(name) && !present.has(name));
  const missing = [...present.keys()].filter((name) => !entries.has(name));
  return [
    ...(isBase ? [] : lost.map((name) => toFinding("lock-name-lost", describe(name), name, inLock(lock, name)))),
    ...missing.map((name) => toFinding("lock-name-missing", describe(name), name, { file })),
  ];
}

function describe(name: string): string {
  return name.replace(/^rest /, "route ");
}

function findSchemaNames({ contract, lock }: LockedContract): readonly Finding[] {
  const diagnostics = new Diagnostics();
  const kept = linesOf(keepNames({ contract, lock }, diagnostics));
  const recorded = new Set(linesOf(lock));
  const lost = diagnostics.sorted.flatMap(({ code, message, location, focus }) => {
    if (code !== "graphql-locked-name") return [];
    const name = /"([^"]+)"/.exec(message)?.[1] ?? "";
    // Where nothing is left of the element, the line of the lock is the place.
    const place: Place = { side: "head", location, ...(focus !== undefined && { focus }) };
    const where = "line" in location ? { place } : inLock(lock, `graphql ${name}`);
    return [toFinding("lock-name-lost", `GraphQL name ${name}`, name, where)];
  });
  const missing = kept.filter((line) => !recorded.has(line)).map((line) => line.split(" ")[1] ?? "");
  return [...lost, ...missing.map((name) => toFinding("lock-name-missing", `GraphQL name ${name}`, name, { file }))];
}

function keepNames({ contract, lock }: LockedContract, diagnostics: Diagnostics): string {
  try {
    return lockNames(contract.model, lock, false, diagnostics);
  } catch (error) {
    if (error instanceof OptionError) throw new CliError(`${file}: ${error.message}`);
    throw error;
  }
}

function linesOf(lock: string): readonly string[] {
  return lock.split("\n").filter((line) => line.startsWith("graphql "));
}

type Where = { readonly place: Place } | Pick<Finding, "file" | "at">;

/** The place of an entry in the lock. */
function inLock(lock: string, entry: string): Where {
  const line = findLockLine(lock, entry);
  return { file, ...(line !== undefined && { at: { line, column: entry.indexOf(" ") + 2 } }) };
}

function toFinding(code: FindingCode, name: string, element: string, where: Where): Finding {
  const entry = entryOf(code);
  return {
    code,
    surface: entry.surface,
    severity: entry.severity,
    element,
    place: undefined,
    ...where,
    message: entry.message(name),
    effect: entry.effect(name),
    remedy: entry.remedy(name),
  };
}
