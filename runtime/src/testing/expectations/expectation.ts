/** A failed check. Test runners show the difference of `expected` and `actual`. */
export class ExpectationError extends Error {
  /** Marks the error in logs and stack traces. */
  override readonly name = "ExpectationError";
  /** What the check found. */
  readonly actual: unknown;
  /** What the check expected. */
  readonly expected: unknown;

  constructor(message: string, actual: unknown, expected: unknown) {
    super(message);
    this.actual = actual;
    this.expected = expected;
  }
}

/** Compares plain JSON values. */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  const [found, wanted] = [print(actual), print(expected)];
  if (found !== wanted) throw new ExpectationError(`expected ${what}: ${wanted}, found ${found}`, actual, expected);
}

export function expectTrue(holds: boolean, message: string, actual: unknown): void {
  if (!holds) throw new ExpectationError(`${message}: ${print(actual)}`, actual, true);
}

function print(value: unknown): string {
  return JSON.stringify(value, sortKeys) ?? "nothing";
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
