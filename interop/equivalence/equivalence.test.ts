import { expect, it } from "vitest";
import { runCalls } from "./run-calls.js";

const calls = Number(process.env["POTTER_CALLS"] ?? 3_000);
/** The methods of which each surface must have made calls; Hang is called in scenarios.test.ts. */
const unary = ["Ask", "Deposit", "Echo", "Fail", "GetAccount", "ListAccounts", "OpenAccount", "Withdraw"];
const methodsOf = (surface: string): readonly string[] => {
  if (surface === "Connect GET") return ["Ask", "GetAccount", "ListAccounts"];
  if (surface === "GraphQL") return ["Deposit", "Fail", "GetAccount", "OpenAccount", "Withdraw"];
  if (/REST/.test(surface)) return [...unary, "Count"];
  if (/HTTP\/1.1|gRPC-Web|client over Connect/.test(surface)) return [...unary, "Count", "Sum"];
  return [...unary, "Count", "Double", "Sum"];
};
const seed = Number(process.env["POTTER_SEED"] ?? 1);

it(`gives the same answers over every surface: ${calls} calls, seed ${seed}`, async () => {
  const { differences, excluded, codes, calls: made } = await runCalls(calls, seed);
  const list = (counts: ReadonlyMap<string, number>): string =>
    Array.from(counts, ([name, count]) => `  ${String(count).padStart(6)}  ${name}\n`).join("");
  let total = 0;
  const missing: string[] = [];
  for (const [surface, methods] of made) {
    const sum = Array.from(methods.values()).reduce((sum, count) => sum + count, 0);
    process.stdout.write(`${surface}: ${sum} calls of ${[...methods.keys()].sort().join(", ")}\n`);
    total += sum;
    for (const name of methodsOf(surface))
      if (!methods.has(name)) missing.push(`${surface} has made no call of ${name}`);
  }
  process.stdout.write(`${total} calls over surfaces; outcomes:\n${list(codes)}not expressible:\n${list(excluded)}`);
  expect(differences.join("\n\n")).toBe("");
  expect(missing).toEqual([]);
  for (const code of ["ok", "invalid_argument", "not_found", "already_exists", "internal", "unavailable"]) {
    expect(codes.get(code), code).toBeGreaterThan(0);
  }
  expect(total).toBeGreaterThanOrEqual(calls);
});
