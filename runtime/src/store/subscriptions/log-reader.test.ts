import { afterEach, expect, it, vi } from "vitest";
import type { EventSlice, RecordedEvent } from "../ports/index.js";
import { LogReader } from "./log-reader.js";

const end = new Set<AbortController>();
afterEach(() => {
  for (const controller of end) controller.abort();
  end.clear();
  vi.useRealTimers();
});

const event = (position: number) => ({ position }) as RecordedEvent;

/** A reader of a log that contains what was appended, of which only a part is reported by this process. */
function open() {
  const controller = new AbortController();
  end.add(controller);
  const log: RecordedEvent[] = [];
  const listeners = new Set<(position?: number, events?: readonly RecordedEvent[]) => void>();
  const readAll = vi.fn(async (after: number, limit: number): Promise<EventSlice> => {
    const beyond = log.filter(({ position }) => position > after).sort((a, b) => a.position - b.position);
    const events = beyond.slice(0, limit);
    return { events, position: events.at(-1)?.position ?? after, complete: true };
  });
  const onAppend = (listener: (position?: number, events?: readonly RecordedEvent[]) => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const options = { after: 0, signal: controller.signal, expected: () => 0, onRetry: () => {} };
  const reader = new LogReader({ readAll, onAppend }, options);
  const found: number[] = [];
  void (async () => {
    for await (const { events } of reader.slices()) found.push(...events.map(({ position }) => position));
  })();
  const report = (position: number | undefined, ...own: number[]) => {
    for (const listener of listeners) listener(position, own.map(event));
  };
  return {
    found,
    readAll,
    report,
    /** Appends events that others have written. */
    write: (...positions: number[]) => void log.push(...positions.map(event)),
    /** Appends events, and reports them as this process does. */
    append: (...positions: number[]) => {
      log.push(...positions.map(event));
      report(Math.max(...positions), ...positions);
    },
  };
}

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

it("delivers the events of this process without a read, in the order of their positions", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const { found, readAll, append } = open();
  await vi.advanceTimersByTimeAsync(1);
  append(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(found).toEqual([1]);
  append(3);
  await vi.advanceTimersByTimeAsync(1);
  expect(found).toEqual([1]);
  append(2);
  append(5, 4);
  await vi.advanceTimersByTimeAsync(0);
  expect(found).toEqual(upTo(5));
  for (let position = 6; position <= 15; position++) {
    append(position);
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(found).toEqual(upTo(15));
  expect(readAll).toHaveBeenCalledTimes(1);
});

it("reads events of other processes that precede its own, and delivers none twice", async () => {
  const { found, readAll, append, write } = open();
  await vi.waitFor(() => expect(readAll).toHaveBeenCalledTimes(1));
  write(1, 2);
  append(3);
  await vi.waitFor(() => expect(found).toEqual(upTo(3)));
  append(4);
  write(5);
  append(6);
  append(8);
  write(7);
  await vi.waitFor(() => expect(found).toEqual(upTo(8)));
  append(9);
  await vi.waitFor(() => expect(found).toEqual(upTo(9)));
});

it("reads what was appended without being reported, before what is reported later", async () => {
  const { found, readAll, append, write, report } = open();
  await vi.waitFor(() => expect(readAll).toHaveBeenCalledTimes(1));
  write(1);
  report(undefined);
  append(2);
  await vi.waitFor(() => expect(found).toEqual([1, 2]));
  write(3);
  report(3);
  await vi.waitFor(() => expect(found).toEqual(upTo(3)));
});

it("reads the store about once a second, however many events this process appends", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const { found, readAll, append } = open();
  await vi.advanceTimersByTimeAsync(1);
  for (let position = 1; position <= 1_000; position++) {
    append(position);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(found).toEqual(upTo(1_000));
  expect(readAll.mock.calls.length).toBeGreaterThanOrEqual(8);
  expect(readAll.mock.calls.length).toBeLessThanOrEqual(25);
});
