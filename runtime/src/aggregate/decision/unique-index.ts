import { PotterError } from "../../errors/index.js";
import type { UniqueValueChange } from "../../store/ports/index.js";
import type { AggregateDefinition, Unique } from "../declaration/index.js";

/** A kind of unique value, and how to read it from a state. */
export interface UniqueIndex {
  readonly name: string;
  value(state: unknown): string | undefined;
  subject?(state: unknown): string | undefined;
}

export function toUniqueIndexes(unique: Unique<unknown> = {}): readonly UniqueIndex[] {
  return Object.entries(unique).map(([name, index]) =>
    typeof index === "function"
      ? { name, value: index }
      : { name, value: (state) => index.value(state), subject: (state) => index.subject(state) },
  );
}

/** The unique values that an aggregate releases and reserves as its state changes. undefined: none. */
export function planUniqueValues(
  aggregate: Pick<AggregateDefinition, "type">,
  unique: readonly UniqueIndex[],
  before: unknown,
  after: () => unknown,
): readonly UniqueValueChange[] | undefined {
  if (unique.length === 0) return undefined;
  const changes = unique.flatMap((one): UniqueValueChange[] => {
    const [old, next] = [one.value(before), one.value(after())];
    if (old === next) return [];
    const index = toIndex(aggregate, one.name);
    const subject = next === undefined ? undefined : one.subject?.(after());
    return [
      ...(old === undefined ? [] : [{ index, value: old, action: "release" } as const]),
      ...(next === undefined ? [] : [{ index, value: next, action: "reserve", ...(subject && { subject }) } as const]),
    ];
  });
  return changes.length === 0 ? undefined : changes;
}

/** Aggregates of different kinds may each have an index of the same name. */
function toIndex({ type }: Pick<AggregateDefinition, "type">, name: string): string {
  return `${type} ${name}`;
}

/** Names the index, but neither the value nor its holder, which the caller may not be allowed to know. */
export function valueTaken({ name: aggregate, type }: AggregateDefinition, indexName: string): PotterError {
  const index = indexName.slice(toIndex({ type }, "").length);
  return new PotterError("already_exists", `another ${aggregate} has this ${index}`, {
    violations: [{ field: index, rule: "unique", message: `must be unique among all ${aggregate}` }],
  });
}
