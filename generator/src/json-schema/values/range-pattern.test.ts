import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangePattern } from "./range-pattern.js";

const within = (min: bigint, max: bigint) => {
  const pattern = rangePattern(min, max);
  if (pattern === undefined) return () => false;
  const whole = new RegExp(`^${pattern}$`);
  return (text: string) => whole.test(text);
};

describe("rangePattern", () => {
  it.each([
    [0n, 9n, "(0|[1-9])"],
    [0n, 100n, "(0|[1-9][0-9]{0,1}|100)"],
    [1n, 1000n, "([1-9][0-9]{0,2}|1000)"],
    [7n, 7n, "7"],
    [13n, 57n, "(1[3-9]|[2-4][0-9]|5[0-7])"],
    [-5n, 5n, "(0|-?[1-5])"],
    [-20n, -3n, "-([3-9]|1[0-9]|20)"],
    [1n, 0n, undefined],
  ])("%s to %s → %s", (min, max, pattern) => {
    expect(rangePattern(min, max)).toBe(pattern);
  });

  it("matches exactly the numbers in its range", () => {
    const edge = fc.oneof(fc.bigInt(-3000n, 3000n), fc.bigInt(-(2n ** 64n), 2n ** 64n));
    fc.assert(
      fc.property(edge, edge, fc.array(edge), (a, b, others) => {
        const [min, max] = a < b ? [a, b] : [b, a];
        const matches = within(min, max);
        for (const value of [...others, min, max, min - 1n, max + 1n, -min, -max, (min + max) / 2n, 0n]) {
          expect(matches(String(value)), `${value} of ${min}..${max}`).toBe(value >= min && value <= max);
        }
      }),
    );
  });

  it("matches only the ProtoJSON form of numbers", () => {
    const matches = within(-(2n ** 63n), 2n ** 63n - 1n);
    expect(["0", "-9223372036854775808", "9223372036854775807", "10"].map(matches)).toEqual([true, true, true, true]);
    expect(["", "-0", "00", "01", "+1", "1.0", "1e3", " 1", "9223372036854775808"].filter(matches)).toEqual([]);
  });
});
