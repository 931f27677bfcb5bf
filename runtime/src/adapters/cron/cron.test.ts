import { describe, expect, it } from "vitest";
import { cron } from "./cron.js";

/** The occurrences after a time, in UTC. */
function after(time: string, count: number, expression: string, timeZone?: string): readonly string[] {
  const times = cron(expression, timeZone === undefined ? {} : { timeZone });
  const found: string[] = [];
  for (let last = new Date(time); found.length < count; ) {
    const next = times.next(last);
    if (next === undefined) break;
    found.push(next.toISOString().slice(0, 16));
    last = next;
  }
  return found;
}

describe("cron", () => {
  it("recurs at the local time of its zone, in summer and in winter", () => {
    expect(after("2026-03-27T12:00:00Z", 3, "0 9 * * 1-5", "Europe/Berlin")).toEqual([
      "2026-03-30T07:00",
      "2026-03-31T07:00",
      "2026-04-01T07:00",
    ]);
    expect(after("2026-10-23T06:00:00Z", 2, "0 9 * * 1-5", "Europe/Berlin")).toEqual([
      "2026-10-23T07:00",
      "2026-10-26T08:00",
    ]);
    expect(after("2026-03-27T12:00:00Z", 1, "0 9 * * *")).toEqual(["2026-03-28T09:00"]);
  });

  it("recurs right after the gap in spring when its time is skipped", () => {
    // On 29 March, 02:00 is followed by 03:00, which is 01:00 in UTC.
    expect(after("2026-03-28T12:00:00Z", 2, "30 2 * * *", "Europe/Berlin")).toEqual([
      "2026-03-29T01:00",
      "2026-03-30T00:30",
    ]);
    expect(after("2026-03-29T00:15:00Z", 3, "*/30 * * * *", "Europe/Berlin")).toEqual([
      "2026-03-29T00:30",
      "2026-03-29T01:00",
      "2026-03-29T01:30",
    ]);
  });

  it("recurs once in autumn when its time is repeated, and throughout the repeated hour at intervals", () => {
    expect(after("2026-10-24T12:00:00Z", 2, "30 2 * * *", "Europe/Berlin")).toEqual([
      "2026-10-25T00:30",
      "2026-10-26T01:30",
    ]);
    expect(after("2026-10-24T23:45:00Z", 5, "*/30 * * * *", "Europe/Berlin")).toEqual([
      "2026-10-25T00:00",
      "2026-10-25T00:30",
      "2026-10-25T01:00",
      "2026-10-25T01:30",
      "2026-10-25T02:00",
    ]);
  });

  it("changes its text with its expression and its zone", () => {
    expect(cron("0 9 * * *").text).toBe("0 9 * * * UTC");
    expect(cron("0 9 * * *", { timeZone: "Europe/Berlin" }).text).toBe("0 9 * * * Europe/Berlin");
  });

  it.each([
    ["61 * * * *", "UTC"],
    ["not cron", "UTC"],
    ["0 0 30 2 *", "UTC"],
    ["0 9 * * *", "Nowhere/Land"],
  ])("refuses %s in %s", (expression, timeZone) => {
    expect(() => cron(expression, { timeZone })).toThrow(
      `the cron expression "${expression}" in ${timeZone} is invalid: `,
    );
  });
});
