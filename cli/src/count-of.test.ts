import { expect, it } from "vitest";
import { countOf } from "./count-of.js";

it("puts nouns into the number of their count", () => {
  expect([countOf(0, "error"), countOf(1, "error"), countOf(2, "error")]).toEqual(["0 errors", "1 error", "2 errors"]);
  expect([countOf(1, "dependency"), countOf(2, "dependency"), countOf(2, "key")]).toEqual([
    "1 dependency",
    "2 dependencies",
    "2 keys",
  ]);
});
