import { expect, it } from "vitest";
import { isWithin } from "./is-within.js";

it.each<[string, string, boolean]>([
  ["/a/b", "/a", true],
  ["/a", "/a", true],
  ["/a", "/", true],
  ["/ab", "/a", false],
  ["/a/..b", "/a", true],
  ["/b", "/a/b", false],
])("says of %s in %s: %s", (one, folder, expected) => {
  expect(isWithin(one, folder, "/")).toBe(expected);
});

it.each<[string, string, boolean]>([
  ["C:\\a\\b", "C:\\a", true],
  ["C:\\a", "C:\\", true],
  ["D:\\a\\b", "C:\\a", false],
  ["C:\\ab", "C:\\a", false],
])("says of %s in %s on Windows: %s", (one, folder, expected) => {
  expect(isWithin(one, folder, "\\")).toBe(expected);
});
