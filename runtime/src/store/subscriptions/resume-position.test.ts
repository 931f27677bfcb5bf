import { describe, expect, it } from "vitest";
import { pglite } from "../../adapters/pglite/index.js";
import { note } from "../../conformance/cases/index.js";
import { memory } from "../memory/index.js";
import type { EventStore } from "../ports/index.js";
import { presentPosition, readResumePosition, resumePositionOf } from "./resume-position.js";

const lost = {
  code: "out_of_range",
  details: [{ typeName: "google.rpc.ErrorInfo", json: { reason: "POSITION_LOST" } }],
};

const append = (events: EventStore, id: string) =>
  events.append({
    stream: { tenant: "", type: "note", id },
    expectedVersion: 0,
    events: [note(id)],
    correlationId: "c",
    causationId: "c",
    metadata: {},
  });

describe.each(Object.entries({ memory, pglite: () => pglite() }))("a position on %s", (_, open) => {
  const using = async (work: (events: EventStore) => Promise<void>): Promise<void> => {
    const store = open();
    await store.start();
    try {
      await work(store.events);
    } finally {
      await store.stop();
    }
  };

  it("names an event, and is read again", () =>
    using(async (events) => {
      for (const id of ["a", "b", "c"]) await append(events, id);
      for (const event of (await events.readAll(0, 10)).events) {
        const text = resumePositionOf(event);
        expect(text).toMatch(/^\d+-[0-9a-f]{12}$/);
        expect(await readResumePosition(events, text)).toBe(event.position);
        expect(await readResumePosition(events, String(event.position))).toBe(event.position);
      }
      expect(await readResumePosition(events, "0")).toBe(0);
    }));

  it("of the present is that of the last event, or 0", () =>
    using(async (events) => {
      expect(await presentPosition(events)).toEqual({ position: 0, text: "0" });
      await append(events, "a");
      const [event] = (await events.readAll(0, 1)).events;
      expect(event && (await presentPosition(events))).toEqual({
        position: event?.position,
        text: event && resumePositionOf(event),
      });
    }));

  it("that the log has not reached is lost, also a plain one", () =>
    using(async (events) => {
      await append(events, "a");
      const { position } = (await events.last()) as { position: number };
      for (const text of [`${position + 1000}-0123456789ab`, `${position + 1000}`]) {
        await expect(readResumePosition(events, text)).rejects.toMatchObject(lost);
      }
    }));

  it("of a store that was emptied is lost, also when the log has grown beyond it", () =>
    using(async (events) => {
      await append(events, "a");
      const [event] = (await events.readAll(0, 1)).events;
      const text = event === undefined ? "" : resumePositionOf(event);
      await using(async (emptied) => {
        await expect(readResumePosition(emptied, text)).rejects.toMatchObject(lost);
        for (const id of ["x", "y", "z"]) await append(emptied, id);
        await expect(readResumePosition(emptied, text)).rejects.toMatchObject(lost);
      });
    }));

  it.each(["", "-1", "1.5", "x", "1-", "1-!", "9".repeat(16), "1\n"])("cannot be %j", (text) =>
    using(async (events) => {
      await expect(readResumePosition(events, text, "after")).rejects.toMatchObject({
        code: "invalid_argument",
        message: "after must be the position of an event, or 0",
      });
    }),
  );
});
