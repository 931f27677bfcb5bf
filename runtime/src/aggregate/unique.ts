import { PotterError } from "../errors/index.js";
import type { ClaimChange } from "../event-store/index.js";
import type { Behaviour } from "./behaviour.js";
import type { AggregateDefinition } from "./types.js";

/** The values that an aggregate gives back and takes as its state changes. undefined: none. */
export function planClaims(
  { aggregate, unique }: Behaviour,
  before: unknown,
  after: () => unknown,
): readonly ClaimChange[] | undefined {
  if (unique.length === 0) return undefined;
  const changes = unique.flatMap(([name, read]): ClaimChange[] => {
    const [old, next] = [read(before), read(after())];
    if (old === next) return [];
    const index = toIndex(aggregate, name);
    return [
      ...(old === undefined ? [] : [{ index, value: old, action: "release" } as const]),
      ...(next === undefined ? [] : [{ index, value: next, action: "claim" } as const]),
    ];
  });
  return changes.length === 0 ? undefined : changes;
}

/** Aggregates of different kinds may each have an index of the same name. */
function toIndex({ type }: Pick<AggregateDefinition, "type">, name: string): string {
  return `${type} ${name}`;
}

/** Names the index, and neither the value nor whose it is: the caller may not know of the other. */
export function taken({ name: aggregate, type }: AggregateDefinition, claimed: string): PotterError {
  const index = claimed.slice(toIndex({ type }, "").length);
  return new PotterError("already_exists", `another ${aggregate} has this ${index}`, {
    violations: [{ field: index, rule: "unique", message: `must be unique among all ${aggregate}` }],
  });
}
