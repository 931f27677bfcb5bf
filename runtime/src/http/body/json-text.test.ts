import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJsonText } from "./json-text.js";

const twice = "an object of the body holds a key more than once";

describe("readJsonText", () => {
  it("reads what JSON.stringify writes, whatever its strings hold", () => {
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
  ])("refuses %s, which holds a key twice", (text) => {
    expect(() => readJsonText(text, 100)).toThrow(twice);
  });

  it("counts neither brackets in strings nor those that are closed", () => {
    expect(readJsonText('["[[[[", [], [], "\\\\", ["\\"["]]', 2)).toEqual(["[[[[", [], [], "\\", ['"[']]);
    expect(() => readJsonText("[[[]]]", 2)).toThrow("the body is nested more than 2 levels deep");
  });

  it.each(['{"a', '{"a\\"', '"\\', '{"a":1', "{]"])("refuses %s, which is cut off or broken", (text) => {
    expect(() => readJsonText(text, 100)).toThrow("the body is not valid JSON");
  });

  it("reads nothing but space as no body", () => {
    expect(readJsonText(" \n", 100)).toBeUndefined();
  });
});
