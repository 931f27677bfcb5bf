import { describe, expect, it } from "vitest";
import { RecentEdits } from "./recent-edits.js";

const bytes = Uint8Array.from({ length: 60 }, (_, i) => i);
const edits = new Uint8Array([1, 2, 3]);
const key = {};
const as = { key, subject: "ada", parts: ["event", "t", 1] };

function kept(): RecentEdits {
  const recent = new RecentEdits(true);
  recent.keep(bytes, 7, edits, as);
  return recent;
}

describe("RecentEdits", () => {
  it("finds the edits of the same bytes, at the same place and with the same key", () => {
    expect(new RecentEdits(true).find(bytes, 7, as)).toBeUndefined();
    expect(kept().find(bytes, 7, as)).toBe(edits);
    expect(kept().find(bytes.slice(), 7, { ...as, parts: [...as.parts] })).toBe(edits);
  });

  it("finds nothing if any byte differs", () => {
    const recent = kept();
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i] = (changed[i] as number) ^ 1;
      expect(recent.find(changed, 7, as)).toBeUndefined();
    }
    expect(recent.find(bytes.subarray(0, 59), 7, as)).toBeUndefined();
    expect(recent.find(new Uint8Array([...bytes, 0]), 7, as)).toBeUndefined();
  });

  it.each([
    ["another key", { ...as, key: {} }],
    ["another subject", { ...as, subject: "bob" }],
    ["another place", { ...as, parts: ["event", "t", 2] }],
    ["a longer place", { ...as, parts: [...as.parts, 1] }],
  ])("finds nothing for %s", (_, other) => {
    expect(kept().find(bytes, 7, other)).toBeUndefined();
  });

  it("keeps nothing where keys are not cached", () => {
    const recent = new RecentEdits(false);
    recent.keep(bytes, 7, edits, as);
    expect(recent.find(bytes, 7, as)).toBeUndefined();
  });

  it("removes everything of one key, and nothing of others", () => {
    const recent = kept();
    const other = { ...as, key: {} };
    const more = bytes.map((byte) => 255 - byte);
    recent.keep(more, 7, edits, other);
    recent.drop(key);
    expect(recent.find(bytes, 7, as)).toBeUndefined();
    expect(recent.find(more, 7, other)).toBe(edits);
  });

  it("keeps the last two messages of each address, and no large ones", () => {
    const recent = new RecentEdits(true);
    const all = Array.from({ length: 20_000 }, (_, i) => new Uint8Array([i >> 8, i, i >> 12]));
    for (const message of all) recent.keep(message, 0, edits, as);
    const kept = all.flatMap((message, i) => (recent.find(message, 0, as) === undefined ? [] : i));
    expect(kept).toEqual(Array.from({ length: 8192 }, (_, i) => 20_000 - 8192 + i));
    const large = new Uint8Array(1025);
    recent.keep(large, 0, edits, as);
    expect(recent.find(large, 0, as)).toBeUndefined();
  });
});
