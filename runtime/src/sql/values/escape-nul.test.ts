import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeNul, unescapeNul } from "./escape-nul.js";

/** Many escaped characters, and their neighbours in the sort order. */
const text = fc.string({
  unit: fc.oneof(fc.constantFrom("\0", "\u0001", "\u0002", "a"), fc.string({ unit: "binary", maxLength: 1 })),
});

const order = (a: string, b: string) => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));

describe("text for PostgreSQL", () => {
  it("is unchanged after a round trip, and never contains U+0000", () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(escapeNul(given)).not.toContain("\0");
        expect(unescapeNul(escapeNul(given))).toBe(given);
      }),
    );
  });

  it("keeps its order", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(order(escapeNul(a), escapeNul(b))).toBe(order(a, b));
      }),
    );
  });

  it("is refused with an unpaired surrogate", () => {
    for (const half of ["\ud800", "a\udc00", "\ude00\ud83d"]) {
      expect(() => escapeNul(half)).toThrow("expected well-formed Unicode, found half of a surrogate pair");
    }
  });
});
