import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonError } from "./json-syntax.js";

describe("findJsonError", () => {
  it.each([
    ['{"a":1,}', 1, 8],
    ['{"a" 1}', 1, 6],
    ["{\n  'a': 1\n}", 2, 3],
    ['{\r\n  "a": 01\r\n}', 2, 9],
    ['["é😀", x]', 1, 8],
    ["[1 2]", 1, 4],
    ["[1,]", 1, 4],
    ['{"a":tru}', 1, 9],
    ['"\\x"', 1, 3],
    ['"\\u00g0"', 1, 6],
    ['"a\nb"', 1, 3],
    ["1.e5", 1, 3],
    ["-", 1, 2],
    ["", 1, 1],
    ['{"a":1', 1, 7],
    ["[]]", 1, 3],
    ["{]", 1, 2],
  ])("finds the error of %j at line %i, column %i", (text, line, column) => {
    expect(findJsonError(text)).toEqual({ line, column });
  });

  it("agrees with JSON.parse about which texts are valid", () => {
    const piece = fc.constantFrom(
      ...'{}[],:"\\',
      "true",
      "fals",
      "null",
      "-0.5e+3",
      "01",
      '"a"',
      " ",
      "\n",
      "\\u00e9",
      "\t",
      "1",
    );
    const broken = fc.array(piece).map((pieces) => pieces.join(""));
    const changed = fc
      .tuple(fc.json(), fc.nat(), piece)
      .map(
        ([text, at, other]) => text.slice(0, at % (text.length + 1)) + other + text.slice((at % (text.length + 1)) + 1),
      );
    fc.assert(
      fc.property(fc.oneof(broken, changed, fc.json()), (text) => {
        expect(findJsonError(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("reads texts that are nested deeply, without recursion", () => {
    const text = "[".repeat(1_000_000);
    expect(findJsonError(text)).toEqual({ line: 1, column: 1_000_001 });
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
