import { describe, expect, it } from "vitest";
import { compareVersions, isInRange } from "./index.js";

describe("a range of versions", () => {
  it.each<[string, string, boolean | undefined]>([
    ["8.23.1", "^8.23.1", true],
    ["8.23.0", "^8.23.1", false],
    ["9.0.0", "^8.23.1", false],
    ["0.2.9", "^0.2.3", true],
    ["0.3.0", "^0.2.3", false],
    ["0.0.4", "^0.0.3", false],
    ["17.0.1", "^16.9.0 || ^17.0.0", true],
    ["18.0.0", "^16.9.0 || ^17.0.0", false],
    ["0.29.9", ">=0.28.19 <0.30", true],
    ["0.30.0", ">=0.28.19 <0.30", false],
    ["1.2.9", "~1.2.3", true],
    ["1.3.0", "~1.2.3", false],
    ["1.2.3", "1.2.3", true],
    ["1.2.4", "=1.2.3", false],
    ["1.0.1", ">1.0.0", true],
    ["1.0.1", "<=1.0.0", false],
    ["3.0.0-rc.1", "^3.0.0", true],
    ["1.0.0", "*", true],
    ["1.0.0", "workspace:*", undefined],
    ["1.0.0", "1.x", undefined],
    ["1.0.0", "1.x || ^1.0.0", true],
    ["linked", "^1.0.0", undefined],
  ])("says of %s in %s: %s", (version, range, expected) => {
    expect(isInRange(version, range)).toBe(expected);
  });

  it("compares numbers, not texts", () => {
    expect(compareVersions("1.10.0", "1.9.0")).toBeGreaterThan(0);
    expect(compareVersions("1.9.0", "1.10.0")).toBeLessThan(0);
    expect(compareVersions("2.0.0", "2.0.0")).toBe(0);
    expect(compareVersions("x", "2.0.0")).toBeUndefined();
  });
});
