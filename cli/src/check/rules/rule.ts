import type { Comparison } from "../contract/index.js";
import type { Findings } from "../findings/index.js";

/** Compares one property of two contracts, and reports its changes. */
export type Rule = (comparison: Comparison, findings: Findings) => void;
