/** A fast check of one value. `true`: certainly valid; `false`: protovalidate decides. */
export type Check = (value: unknown) => boolean;

/** The check for a rule without a fast check: protovalidate decides. */
export const fallback: Check = () => false;

/** Combines checks into one that passes if all of them pass; undefined if there are none. */
export function allOf(checks: readonly Check[]): Check | undefined {
  const [first, second] = checks;
  if (first === undefined || second === undefined) return first;
  if (checks.length === 2) return (value) => first(value) && second(value);
  return (value) => {
    for (const check of checks) if (!check(value)) return false;
    return true;
  };
}
