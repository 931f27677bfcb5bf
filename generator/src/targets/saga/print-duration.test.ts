import { expect, it } from "vitest";
import { printDuration } from "./print-duration.js";

it.each([
  [1, "1 ms"],
  [0.5, "0.5 ms"],
  [1500, "1 s 500 ms"],
  [90_000, "1 min 30 s"],
  [172_800_000, "2 d"],
  [90_061_001, "1 d 1 h 1 min 1 s 1 ms"],
])("prints %d milliseconds as %s", (milliseconds, text) => {
  expect(printDuration(milliseconds)).toBe(text);
});
