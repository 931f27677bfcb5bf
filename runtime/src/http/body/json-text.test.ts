import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExactNumber, parseExactJson } from "../../message/index.js";
import { HttpError } from "../errors/index.js";
import { readJsonText } from "./json-text.js";

const twice = "an object of the body has a duplicate key";

describe("readJsonText", () => {
  it("reads what JSON.stringify writes, with any strings", () => {
    const text = fc.string({ unit: fc.constantFrom('"', "\\", ":", "{", "}", "[", "]", ",", "a", "\n", "é") });
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: "small" },
        text,
        fc.integer(),
        fc.constant(null),
        fc.array(tie("json")),
        fc.dictionary(text, tie("json")),
      ),
    }));
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2), (value, space) => {
        expect(readJsonText(JSON.stringify(value, undefined, space), 100)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"c":":","c":1}}]',
    '{"\\\\":1,"\\\\":2}',
    '{"x\\"":1, "x\\"" : 2}',
    '{"__proto__":1,"__proto__":2}',
  ])("refuses %s, which has a duplicate key", (text) => {
    expect(() => readJsonText(text, 100)).toThrow(twice);
  });

  it("counts neither brackets in strings nor those that are closed", () => {
    expect(readJsonText('["[[[[", [], [], "\\\\", ["\\"["]]', 2)).toEqual(["[[[[", [], [], "\\", ['"[']]);
    expect(() => readJsonText("[[[]]]", 2)).toThrow("the body is nested more than 2 levels deep");
  });

  it.each([
    ['{"a', 1, 4],
    ['{"a\\"', 1, 6],
    ['"\\', 1, 3],
    ['{"a":1', 1, 7],
    ["{]", 1, 2],
    ['{\n  "secret": x\n}', 2, 13],
  ])("names the position of the syntax error in %j, and no content", (text, line, column) => {
    expect(() => readJsonText(text, 100)).toThrow(
      new HttpError(
        400,
        "invalid_argument",
        `the body is not valid JSON: syntax error at line ${line}, column ${column}`,
      ),
    );
  });

  it("reads a text of white space as no body", () => {
    expect(readJsonText(" \n", 100)).toBeUndefined();
  });
});

describe("numbers that a JavaScript number would round", () => {
  const exactly = (json: unknown) =>
    JSON.stringify(json, (_, value) => (value instanceof ExactNumber ? [value.toDigits()] : value));
  const number = fc
    .tuple(
      fc.constantFrom("", "-"),
      fc.bigInt({ min: 0n, max: 2n ** 66n }),
      fc.constantFrom("", ".0", ".5", "e1", "E3", "e-2", ".25e4"),
    )
    .map((parts) => parts.join(""));
  const text = fc.oneof(
    number,
    fc.array(number).map((items) => `[${items.join(", ")}]`),
    fc.tuple(number, number).map(([a, b]) => `{"a":${a},"1234567890123456":{"b":[${b}]}}`),
    fc.json(),
  );

  it("are read as they are by the parser of exact numbers", () => {
    fc.assert(
      fc.property(text, (json) => {
        expect(exactly(readJsonText(json, 100))).toBe(exactly(parseExactJson(json)));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    "9007199254740993",
    "[9007199254740993]",
    "900719925474099.3e1",
    "900719925474e4",
    '{"a":-9007199254740993}',
  ])("keeps the digits of %s", (json) => {
    const digits = exactly(parseExactJson(json));
    expect(exactly(readJsonText(json, 100))).toBe(digits);
  });
});
