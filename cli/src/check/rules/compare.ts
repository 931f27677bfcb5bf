import { type Contract, pairContracts } from "../contract/index.js";
import { type Finding, Findings, type Surface } from "../findings/index.js";
import type { Rule } from "./rule.js";
import { rules as allRules } from "./rules.js";

/**
 * Compares two contracts by Potter's own rules. A pure function. Surfaces of which nobody depends can be left out; the wire format
 * and GraphQL are compared by other functions.
 */
export function compare(
  base: Contract,
  head: Contract,
  surfaces: ReadonlySet<Surface> = new Set(Object.keys(allRules) as Surface[]),
  rules: Readonly<Partial<Record<Surface, readonly Rule[]>>> = allRules,
): readonly Finding[] {
  const comparison = pairContracts(base, head);
  const findings = new Findings();
  for (const [surface, ofSurface] of Object.entries(rules)) {
    if (surfaces.has(surface as Surface)) for (const rule of ofSurface) rule(comparison, findings);
  }
  return findings.sorted;
}
