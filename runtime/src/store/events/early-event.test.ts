import { describe, expect, it } from "vitest";
import { toEarlyEvent, withData, withoutPayload } from "./early-event.js";

const given = {
  id: "1",
  stream: { tenant: "", type: "Note", id: "n" },
  version: 1,
  type: "note.written",
  schemaVersion: 1,
  correlationId: "c",
  causationId: "k",
  metadata: {},
};
const bytes = new Uint8Array([1]);

describe("an event that is not appended yet", () => {
  it("asks for its position and time only when they are read, also in copies", () => {
    const asked: string[] = [];
    const assigned = {
      get position(): number {
        asked.push("position");
        throw new Error("not yet");
      },
      get at(): number {
        asked.push("at");
        return 7;
      },
    };
    const event = toEarlyEvent(given, bytes, assigned);
    const meta = withoutPayload(event);
    const copy = withData(event, { text: "x" });
    expect(asked).toEqual([]);
    expect(copy.at + meta.at + event.at).toBe(21);
    for (const one of [event, meta, copy]) expect(() => one.position).toThrow("not yet");
    // A copy of all members would be an event without a position.
    expect(() => ({ ...meta })).toThrow("not yet");
    expect(() => JSON.stringify(copy)).toThrow("not yet");
    expect("bytes" in meta || "data" in meta || "bytes" in copy).toBe(false);
    expect([event.bytes, copy.data]).toEqual([bytes, { text: "x" }]);
  });

  it("shares its getters with all others, so that events do not have a hidden class each", () => {
    const assigned = { position: 1, at: 2 };
    const getter = (event: object) => Object.getOwnPropertyDescriptor(event, "position")?.get;
    const event = toEarlyEvent(given, bytes, assigned);
    expect(getter(toEarlyEvent(given, bytes, assigned))).toBe(getter(event));
    expect(getter(event)).toBeTypeOf("function");
    expect({ ...withoutPayload(event) }).toMatchObject({ ...given, ...assigned });
  });

  it("leaves recorded events as they are", () => {
    const recorded = { ...given, position: 1, at: 2, bytes };
    expect(withoutPayload(recorded)).toEqual({ ...given, position: 1, at: 2 });
    expect(withData(recorded, "x")).toEqual({ ...given, position: 1, at: 2, data: "x" });
  });
});
