import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { nameId, sha1 } from "./name-id.js";

describe("nameId", () => {
  it("is a UUID of version 5 from the SHA-1 of its parts, each with its length", () => {
    const hash = createHash("sha1").update("6:potter2:de1:76:Zürich").digest("hex");
    const id = nameId("potter", "de", 7, "Zürich");
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const withoutVersion = (digits: string) => `${digits.slice(0, 12)}${digits.slice(13, 16)}${digits.slice(17, 32)}`;
    expect(withoutVersion(id.replaceAll("-", ""))).toBe(withoutVersion(hash));
  });

  it("stays the same from release to release, since stores keep it", () => {
    expect(nameId("potter.saga", "trips.v1.Trip", "", "1", "book", "do", 0)).toBe(
      "acde1d85-367d-5d02-a41b-deafd93c5cd9",
    );
  });

  it("tells apart names whose parts join to the same text", () => {
    expect(nameId("a", "bc")).not.toBe(nameId("ab", "c"));
    expect(nameId("a", "b", "c")).not.toBe(nameId("a", "bc"));
  });

  it("has the SHA-1 of the platform for messages of every length around the ends of blocks", () => {
    for (let length = 0; length <= 200; length++) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
      expect(Buffer.from(sha1(message)).toString("hex")).toBe(createHash("sha1").update(message).digest("hex"));
    }
  });
});
