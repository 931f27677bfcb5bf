/** What a caller believes of the version of an aggregate: that it is this one, one of these, or any at all, so that there is one. */
export type ExpectedVersion = number | readonly number[] | "any";

/** Whether an aggregate is as its caller believes. Version 0: there is none. */
export function isExpected(version: number, expected: ExpectedVersion): boolean {
  if (typeof expected === "number") return version === expected;
  return expected === "any" ? version > 0 : expected.includes(version);
}
