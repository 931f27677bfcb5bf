import { expect, it } from "vitest";
import { PotterError } from "../../errors/index.js";
import { classifyError } from "./classify-error.js";

it.each([
  [100.5, 101],
  [-1, 0],
  [1e300, 86_400_000],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
])("a service that asks to be called again after %d ms is called after %s", (retryAfter, expected) => {
  // Times of sagas are whole milliseconds: others could not be stored, and the outcome would be lost.
  const error = new PotterError("resource_exhausted", "later", { retryAfter });
  expect(classifyError(error).retryAfter).toBe(expected);
});
