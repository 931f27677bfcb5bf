import { expect, test } from "vitest";
import { timeOf } from "./time-of.js";

test.each([
  ["of protobuf-es", { seconds: 1_700_000_000n, nanos: 5_000_000 }, 1_700_000_000_005],
  ["with numbers", { seconds: 1_700_000_000, nanos: 0 }, 1_700_000_000_000],
  ["with a text", { seconds: "1700000000", nanos: 0 }, 1_700_000_000_000],
  ["before 1970", { seconds: -1n, nanos: 999_000_000 }, -1],
  ["as a date", new Date(1_700_000_000_005), 1_700_000_000_005],
  ["as a text", "2023-11-14T22:13:20.005Z", 1_700_000_000_005],
  ["without a value", undefined, undefined],
])("a timestamp %s", (_, timestamp, time) => {
  expect(timeOf(timestamp)).toBe(time);
});

test("is rounded up, so that a timer is never early", () => {
  expect(timeOf({ seconds: 1n, nanos: 1 })).toBe(1001);
  expect(timeOf({ seconds: 1n, nanos: 999_999_999 })).toBe(2000);
});

test.each([new Date(Number.NaN), "tomorrow", { seconds: 10n ** 15n, nanos: 0 }])(
  "that is no time is an error: %s",
  (value) => {
    expect(() => timeOf(value)).toThrow("the time of a saga's step is no valid timestamp");
  },
);
