import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withProgress } from "./progress.js";

const before = process.stderr.isTTY;
let errors: string[];
beforeEach(() => {
  errors = [];
  vi.useFakeTimers();
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});
afterEach(() => {
  vi.useRealTimers();
  process.stderr.isTTY = before;
});

/** Two steps, with pauses of so many milliseconds, and what was said then. */
async function work(first: number, second: number): Promise<string> {
  const ended = withProgress(async ({ step }) => {
    step("compiling");
    await new Promise((resolve) => setTimeout(resolve, first));
    step("writing");
    await new Promise((resolve) => setTimeout(resolve, second));
    return "done";
  });
  await vi.advanceTimersByTimeAsync(first + second);
  return ended;
}

it("names the steps of work that takes more than a second", async () => {
  process.stderr.isTTY = true;
  expect(await work(1500, 10)).toBe("done");
  expect(errors).toEqual(["potter: compiling …", "potter: writing …"]);
});

it("says nothing of short work, nor after it", async () => {
  process.stderr.isTTY = true;
  await work(400, 400);
  await vi.advanceTimersByTimeAsync(5000);
  expect(errors).toEqual([]);
});

it("says nothing without a terminal", async () => {
  process.stderr.isTTY = false;
  await work(1500, 1500);
  expect(errors).toEqual([]);
});

it("passes errors on", async () => {
  await expect(withProgress(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
});
