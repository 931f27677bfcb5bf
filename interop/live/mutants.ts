/** A body with one change. */
export interface Mutant {
  /** What was changed, for messages: `/lines/0/sku: true`. */
  readonly change: string;
  readonly body: unknown;
}

/**
 * Bodies that differ from a valid one in one place: a value of another type, out of bounds, omitted, or an unknown
 * field. Strings for numbers and numbers for strings are not among them: ProtoJSON accepts some of those.
 */
export function mutate(body: unknown): readonly Mutant[] {
  return [...mutateAt(body, "", (changed) => changed)];
}

function* mutateAt(value: unknown, path: string, put: (changed: unknown) => unknown): Generator<Mutant> {
  for (const other of replacements(value)) {
    yield { change: `${path}: ${JSON.stringify(other).slice(0, 20)}`, body: put(other) };
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield* mutateAt(item, `${path}/${index}`, (changed) => put(value.with(index, changed)));
    }
  } else if (typeof value === "object" && value !== null) {
    yield { change: `${path}/unheardOf: added`, body: put({ ...value, unheardOf: 1 }) };
    for (const [name, member] of Object.entries(value)) {
      const { [name]: _, ...rest } = value as Record<string, unknown>;
      yield { change: `${path}/${name}: left out`, body: put(rest) };
      yield* mutateAt(member, `${path}/${name}`, (changed) => put({ ...value, [name]: changed }));
    }
  }
}

function replacements(value: unknown): readonly unknown[] {
  switch (typeof value) {
    case "string":
      return [{}, [], true, "", "x".repeat(1000), "-1", "1.5"];
    case "number":
      return [{}, [], true, "x", -1, 0, 1.5, 1_000_000, 1e12];
    case "boolean":
      return [{}, [], "x", 1];
    default:
      return Array.isArray(value) ? [{}, [], "x", 1] : [[], "x", 1, true];
  }
}
