import { Diagnostics, lockNames } from "@potter/generator/tooling";
import { entryOf, type Finding, type FindingCode, type Place } from "../findings/index.js";
import type { GraphQLInput } from "./compare-graphql.js";

/** Compares the names of potter.lock with those of the schema. Without a lock nothing is compared. */
export function findLockedNames({ contract, lock }: GraphQLInput, file: string): readonly Finding[] {
  if (lock === "") return [];
  const diagnostics = new Diagnostics();
  const kept = linesOf(lockNames(contract.model, lock, false, diagnostics));
  const recorded = new Set(linesOf(lock));
  const lost = diagnostics.sorted.flatMap(({ code, message, location, focus }) => {
    if (code !== "graphql-locked-name") return [];
    const name = /"([^"]+)"/.exec(message)?.[1] ?? "";
    return [toFinding("lock-name-lost", name, { side: "head", location, ...(focus !== undefined && { focus }) })];
  });
  const missing = kept.filter((line) => !recorded.has(line)).map((line) => line.split(" ")[1] ?? "");
  return [...lost, ...missing.map((name) => ({ ...toFinding("lock-name-missing", name, undefined), file }))];
}

function linesOf(lock: string): readonly string[] {
  return lock.split("\n").filter((line) => line.startsWith("graphql "));
}

function toFinding(code: FindingCode, name: string, place: Place | undefined): Finding {
  const entry = entryOf(code);
  return {
    code,
    surface: entry.surface,
    severity: entry.severity,
    element: name,
    place,
    message: entry.message(name),
    effect: entry.effect(name),
    remedy: entry.remedy(name),
  };
}
