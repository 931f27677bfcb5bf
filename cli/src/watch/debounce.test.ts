import { describe, expect, it } from "vitest";
import { createDebounce, type Timers } from "./debounce.js";

/** A clock that moves only when a test moves it. */
class VirtualTimers implements Timers {
  #now = 0;
  readonly #due = new Map<object, { readonly at: number; readonly act: () => void }>();

  now(): number {
    return this.#now;
  }

  schedule(milliseconds: number, act: () => void): () => void {
    const key = {};
    this.#due.set(key, { at: this.#now + milliseconds, act });
    return () => this.#due.delete(key);
  }

  /** Moves the clock to a time, and calls what is due until then in its order. */
  moveTo(time: number): void {
    for (;;) {
      const [next] = [...this.#due].filter(([, { at }]) => at <= time).sort(([, a], [, b]) => a.at - b.at);
      if (next === undefined) break;
      const [key, { at, act }] = next;
      this.#due.delete(key);
      this.#now = at;
      act();
    }
    this.#now = time;
  }
}

/** Plays events at times, with times from and until which git is busy. Returns when it acted. */
function play(events: readonly number[], busy: readonly [from: number, until: number] = [0, 0]): readonly number[] {
  const timers = new VirtualTimers();
  const acts: number[] = [];
  const isBusy = (): boolean => timers.now() >= busy[0] && timers.now() < busy[1];
  const debounce = createDebounce(() => acts.push(timers.now()), isBusy, timers);
  for (const event of events) {
    timers.moveTo(event);
    debounce.note();
  }
  timers.moveTo(100_000);
  return acts;
}

const burst = (count: number, step: number, start = 0): readonly number[] =>
  Array.from({ length: count }, (_, at) => start + at * step);

describe("a debounce", () => {
  it("acts 60 ms after a single event", () => {
    expect(play([100])).toEqual([160]);
  });

  it("acts once for what an editor does in one save", () => {
    expect(play([0, 1, 3])).toEqual([3 + 84]);
  });

  it("acts for each of two saves that are apart", () => {
    expect(play([0, 500])).toEqual([60, 560]);
  });

  it("acts 300 ms after the last of more than twenty events, whatever the gaps within", () => {
    expect(play([...burst(30, 2), ...burst(30, 2, 269)])).toEqual([327 + 300]);
  });

  it("waits while git has its lock, and looks again soon after", () => {
    const [act = 0, ...more] = play([0], [0, 1000]);
    expect(more).toEqual([]);
    expect(act).toBeGreaterThanOrEqual(1000);
    expect(act).toBeLessThanOrEqual(1060);
  });

  it("waits for two seconds at most: for a lock that stays, and for events without an end", () => {
    expect(play([100], [0, 90_000])).toEqual([2100]);
    const acts = play(burst(200, 20));
    expect(acts.slice(0, 1)).toEqual([2000]);
    expect(acts).toHaveLength(2);
  });

  it("does nothing after it was cancelled, and acts for later events", () => {
    const timers = new VirtualTimers();
    const acts: number[] = [];
    const debounce = createDebounce(
      () => acts.push(timers.now()),
      () => false,
      timers,
    );
    debounce.note();
    debounce.cancel();
    timers.moveTo(5000);
    expect(acts).toEqual([]);
    debounce.note();
    timers.moveTo(10_000);
    expect(acts).toEqual([5060]);
  });
});
