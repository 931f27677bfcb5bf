/** A check of one value. `true`: surely valid; `false`: ask protovalidate. */
export type Check = (value: unknown) => boolean;

/** The check where nothing is known: protovalidate decides. */
export const doubt: Check = () => false;

/** Passes what all checks pass; undefined if there are none. */
export function allOf(checks: readonly Check[]): Check | undefined {
  const [first, second] = checks;
  if (first === undefined || second === undefined) return first;
  if (checks.length === 2) return (value) => first(value) && second(value);
  return (value) => {
    for (const check of checks) if (!check(value)) return false;
    return true;
  };
}
