import { expect, it } from "vitest";
import { printCountOf } from "./format.js";

it("counts with the number of a noun", () => {
  expect([0, 1, 2, 1234].map((count) => printCountOf(count, "dead letter"))).toEqual([
    "0 dead letters",
    "1 dead letter",
    "2 dead letters",
    "1,234 dead letters",
  ]);
});
