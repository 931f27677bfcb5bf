/**
 * The expected version of an aggregate: one version, a list of acceptable ones, or `any` for an aggregate that exists.
 * 0: it does not exist.
 */
export type ExpectedVersion = number | readonly number[] | "any";

/** Whether an aggregate has the expected version. Version 0: it does not exist. */
export function isExpected(version: number, expected: ExpectedVersion): boolean {
  if (typeof expected === "number") return version === expected;
  return expected === "any" ? version > 0 : expected.includes(version);
}
