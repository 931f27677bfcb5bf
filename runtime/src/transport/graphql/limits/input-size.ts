import type { GraphQLLimits } from "./limits.js";

/** Describes variables that exceed a limit. Iterative, since deeply nested variables would overflow the stack. */
export function findInputExcess(
  variables: Readonly<Record<string, unknown>>,
  { listItems, inputDepth }: Required<GraphQLLimits>,
): string | undefined {
  let level: object[] = [variables];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > inputDepth) return `the variables are nested more than ${inputDepth} deep (limits.inputDepth)`;
    const next: object[] = [];
    for (const parent of level) {
      if (Array.isArray(parent) && parent.length > listItems) {
        return `a list among the variables has ${parent.length} items, more than ${listItems} (limits.listItems)`;
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
