import { describe, expect, it } from "vitest";
import { andThen, isPromise, mapAll } from "./maybe-promise.js";

describe("mapAll", () => {
  it("returns an array at once if no result is a promise", () => {
    expect(mapAll([1, 2], (value, i) => value * 10 + i)).toEqual([10, 21]);
  });

  it("waits for the results that are promises", async () => {
    const results = mapAll([1, 2], (value) => (value === 1 ? Promise.resolve(value) : value));
    expect(isPromise(results)).toBe(true);
    expect(await results).toEqual([1, 2]);
  });

  it("leaves no rejection unhandled if another call throws at once", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    try {
      const results = async () =>
        mapAll([1, 2, 3], (value) => {
          if (value === 2) throw new Error("at once");
          return Promise.resolve().then(() => {
            throw new Error(`later ${value}`);
          });
        });
      await expect(results()).rejects.toThrow("at once");
      await new Promise((resolve) => setTimeout(resolve, 0));
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
    }
  });
});

describe("andThen", () => {
  it("continues at once with a value, and later with a promise", async () => {
    expect(andThen(1, (value) => value + 1)).toBe(2);
    const later = andThen(Promise.resolve(1), (value) => value + 1);
    expect(isPromise(later)).toBe(true);
    expect(await later).toBe(2);
  });
});
