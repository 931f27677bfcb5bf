import { describe, expect, it } from "vitest";
import { note } from "../../conformance/cases/index.js";
import { memory } from "../memory/index.js";
import { EventTail } from "./event-tail.js";

describe("a tail that is not shared between requests", () => {
  it("delivers all events to each follower, also when another one ends, and releases them all", async () => {
    const { events } = memory();
    const tail = new EventTail(events, undefined, false);
    const open = () => tail.follow({ tenant: "", streamType: "note", id: undefined }, options());
    const ends: AbortController[] = [];
    const options = () => {
      const end = new AbortController();
      ends.push(end);
      return { after: 0, toItem: ({ position }: { readonly position: number }) => position, signal: end.signal };
    };
    const append = (id: string) =>
      events.append({
        stream: { tenant: "", type: "note", id },
        expectedVersion: 0,
        events: [note(id)],
        correlationId: "c",
        causationId: "c",
        metadata: {},
      });
    const [first, second] = [open(), open()];
    const taken = [first.next(), second.next()];
    await append("a");
    expect(await Promise.all(taken)).toEqual([1, 1].map((value) => ({ done: false, value })));
    expect(tail.recent).toBeUndefined();
    const waiting = second.next();
    ends[0]?.abort();
    tail.drop();
    await append("b");
    expect(await waiting).toEqual({ done: false, value: 2 });
    const last = second.next();
    const failed = expect(last).rejects.toThrow("the app stops");
    await new Promise((resolve) => setTimeout(resolve, 50));
    tail.stop(new Error("the app stops"));
    await failed;
  });
});
