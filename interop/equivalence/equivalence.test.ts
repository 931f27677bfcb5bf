import { expect, it } from "vitest";
import { runCalls } from "./run-calls.js";

const calls = Number(process.env["POTTER_CALLS"] ?? 3_000);
const seed = Number(process.env["POTTER_SEED"] ?? 1);

it(`gives the same answers over every surface: ${calls} calls, seed ${seed}`, async () => {
  const { differences, excluded, codes, calls: made } = await runCalls(calls, seed);
  const list = (counts: ReadonlyMap<string, number>): string =>
    Array.from(counts, ([name, count]) => `  ${String(count).padStart(6)}  ${name}\n`).join("");
  process.stdout.write(`${made} calls over surfaces; outcomes:\n${list(codes)}not expressible:\n${list(excluded)}`);
  expect(differences.join("\n\n")).toBe("");
  expect(made).toBeGreaterThanOrEqual(calls);
});
