import type { GraphQLLimits } from "./limits.js";

/** What is too much of variables, or undefined. Does not recur: whoever nests deep enough would end the stack. */
export function findExcess(
  variables: Readonly<Record<string, unknown>>,
  { listItems, inputDepth }: Required<GraphQLLimits>,
): string | undefined {
  let level: object[] = [variables];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > inputDepth) return `the variables are nested more than ${inputDepth} deep`;
    const next: object[] = [];
    for (const parent of level) {
      if (Array.isArray(parent) && parent.length > listItems) {
        return `a list among the variables has ${parent.length} items, more than ${listItems}`;
      }
      for (const name in parent) {
        const value = (parent as Readonly<Record<string, unknown>>)[name];
        if (typeof value === "object" && value !== null) next.push(value);
      }
    }
    level = next;
  }
  return undefined;
}
