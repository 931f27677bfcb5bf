import { expect, it } from "vitest";
import { checkOptions } from "./options.js";

it.each([
  ["lease", 0, "milliseconds from 1"],
  ["lease", 0.5, "milliseconds from 1"],
  ["lease", Number.NaN, "milliseconds from 1"],
  ["pollInterval", -1, "milliseconds from 1"],
  ["concurrency", 0, "a whole number from 1"],
])("%s %d is refused", (name, value, expected) => {
  const message = `sagas.${name} is ${value}: expected ${expected}`;
  expect(() => checkOptions({ [name]: value })).toThrow(message);
});

it("defaults and whole numbers are accepted", () => {
  expect(() => checkOptions({})).not.toThrow();
  expect(() => checkOptions({ lease: 1, pollInterval: 1, concurrency: 1, retention: 1 })).not.toThrow();
});
