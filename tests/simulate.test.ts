import { describe, expect, it } from "vitest";
import { mutations, simulate } from "../scripts/simulate/index.mjs";

const isFull = process.env["POTTER_FULL"] === "true";

// A schedule takes about 15 ms of CPU time, so that 20,000 are two and a half minutes of two cores.
const schedules = isFull ? 100_000 : 20_000;

/** Ends only what hangs: they are many seconds of CPU time. */
const hour = 3_600_000;

describe("simulated sagas", () => {
  it(`keep all invariants, whatever fails, in ${schedules} schedules`, { timeout: hour }, async () => {
    const { failed, ...sums } = await simulate({ schedules });
    expect(failed).toBeUndefined();
    expect(sums.schedules).toBe(schedules);
    // The faults bite: commands were taken over, and outcomes of their former owners discarded.
    expect(sums.takenOver).toBeGreaterThan(schedules / 10);
    expect(sums.fenced).toBeGreaterThan(schedules / 10);
    for (const kind of ["crashes", "freezes", "repeated", "never sent", "answers lost", "late, so reordered"]) {
      expect(sums.kinds[kind], kind).toBeGreaterThan(schedules);
    }
    for (const status of ["completed", "compensated", "suspended"]) {
      expect(sums.statuses[status], status).toBeGreaterThan(0);
    }
  });

  it("are the same for the same seed", async () => {
    const one = await simulate({ schedules: 20, seed: 7, threads: 1 });
    expect(await simulate({ schedules: 20, seed: 7, threads: 2 })).toEqual(one);
    expect(one.trace).not.toBe((await simulate({ schedules: 20, seed: 8, threads: 1 })).trace);
  });

  it.each(Object.keys(mutations))("fail without a guard: %s", async (mutation) => {
    const { failed } = await simulate({ schedules: 1_500, threads: 1, mutation, isShrunk: false });
    expect(failed?.violations).not.toHaveLength(0);
    expect(failed).toBeDefined();
  });
});
