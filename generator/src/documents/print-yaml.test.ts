import fc from "fast-check";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { printYaml } from "./print-yaml.js";

describe("printYaml", () => {
  it("writes blocks, with plain strings where safe", () => {
    const data = {
      openapi: "3.1.1",
      empty: {},
      none: [],
      nothing: undefined,
      list: [{ a: 1, b: ["x", ["z"]] }, "text", null, true, -1.5],
      "/v1/orders/{orderId}:cancel": { $ref: "#/components/schemas/a.b" },
      "200": "yes",
      text: "several\n\n  lines: here",
      colon: "a: b",
      hash: "a #b",
      quoted: "it's",
    };
    expect(printYaml(data)).toBe(`'200': 'yes'
openapi: 3.1.1
empty: {}
none: []
list:
  - a: 1
    b:
      - x
      - - z
  - text
  - null
  - true
  - -1.5
/v1/orders/{orderId}:cancel:
  $ref: '#/components/schemas/a.b'
text: |-
  several

    lines: here
colon: 'a: b'
hash: 'a #b'
quoted: it's
`);
  });

  it("is parsed by other libraries as the original data", () => {
    const key = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constantFrom("no", "a: b", "- a", "? x", "", " ", "null", "1", "<<", "__proto__"),
    );
    const text = fc.oneof(
      key,
      fc.string({
        unit: fc.constantFrom(
          "a",
          " ",
          "\n",
          "\t",
          ":",
          "#",
          "-",
          "'",
          '"',
          "|",
          ">",
          "&",
          "*",
          "!",
          "%",
          "@",
          "`",
          "{",
          "[",
          ",",
          "~",
          "\\",
          "\r",
          "é",
          "\u2028",
        ),
      }),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (data) => {
        const json = JSON.parse(JSON.stringify(data)) as unknown;
        expect(load(printYaml(data))).toEqual(json);
      }),
      { numRuns: 2_000 },
    );
  });
});
