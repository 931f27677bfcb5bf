import { describe, expect, it, vi } from "vitest";
import { newId } from "./id.js";

describe("newId", () => {
  it("returns a UUID of version 7 with the current time", () => {
    const before = Date.now();
    const id = newId();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now() + 10);
  });

  it("returns distinct ids in ascending order, even many in one millisecond", () => {
    const ids = Array.from({ length: 20_000 }, () => newId());
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });

  it("keeps the order when the clock goes back", () => {
    const first = newId();
    const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() - 60_000);
    try {
      expect(newId() > first).toBe(true);
    } finally {
      clock.mockRestore();
    }
  });
});
