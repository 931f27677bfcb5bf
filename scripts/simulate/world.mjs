// The world of one schedule: a virtual clock, and faults that follow from the seed. Nothing waits for real time.

const real = { setImmediate, nextTick: process.nextTick };
let current;

/** Replaces timers, clocks and random numbers of this process. Call it before the runtime is loaded. */
export function takeOverTime() {
  const timers = ["setTimeout", "setInterval", "setImmediate"];
  for (const name of timers) {
    globalThis[name] = (work, delay = 0, ...given) => current.schedule(delay, () => work(...given));
  }
  for (const name of ["clearTimeout", "clearInterval", "clearImmediate"]) {
    globalThis[name] = (timer) => {
      if (timer) timer.work = undefined;
    };
  }
  // The engine must use the store's clock: any other one is an hour off, in either direction.
  Date.now = () => Math.floor(current.now) + (current.isStore ? 0 : current.skew());
  performance.now = () => current.now - 1_700_000_000_000;
  Math.random = () => current.random("random");
}

/** A state that follows from a seed and a name (FNV-1a). */
function hash(seed, text) {
  let state = (2166136261 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 16777619);
  return state;
}

/** A number from 0 to below 1 that follows from its arguments. */
function mix(start, index) {
  let state = Math.imul(start ^ index, 0x9e3779b1);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
}

export class World {
  now = 1_700_000_000_000;
  isStore = false;
  /** Faults that happened: what, and when. */
  faults = [];
  isCalm = false;
  turns = 0;
  /** A hash of all that has happened so far: which timers ran, in which order and when. */
  trace = 0;
  #seed;
  #only;
  /** Of each name: the hash of seed and name, and how many numbers were drawn. */
  #sequences = new Map();
  #heap = [];
  #number = 0;

  /** `only`: the faults that may happen, by their number; absent: all. */
  constructor(seed, only) {
    this.#seed = seed;
    this.#only = only;
    current = this;
  }

  /** The numbers of each name are a sequence of their own, so that a fault less changes few others. */
  random(name) {
    const sequence = this.#sequence(name);
    return mix(sequence.hash, sequence.count++);
  }

  /** A number that no other call has returned. */
  number() {
    return this.#number++;
  }

  /** An integer from `low` to `high`. */
  integer(name, low, high) {
    return low + Math.floor(this.random(name) * (high - low + 1));
  }

  /** Whether a fault happens now. */
  fault(name, probability, about = "") {
    const sequence = this.#sequence(name);
    const { count } = sequence;
    const happens = mix(sequence.hash, sequence.count++) < probability;
    if (!happens || this.isCalm) return false;
    const number = `${name} ${count}`;
    if (this.#only !== undefined && !this.#only.has(number)) return false;
    this.faults.push({ number, at: Math.round(this.now - 1_700_000_000_000), about });
    return true;
  }

  skew() {
    return this.integer("skew", -3_600_000, 3_600_000);
  }

  /** Runs what a store does at once, by its own clock. */
  byStoreClock(work) {
    this.isStore = true;
    try {
      return work();
    } finally {
      this.isStore = false;
    }
  }

  schedule(delay, work) {
    // What is due at the same time happens in any order.
    const timer = { at: this.now + Math.max(0, delay), order: this.random("order"), number: this.#number++, work };
    this.#push(timer);
    return timer;
  }

  sleep(delay) {
    return new Promise((resolve) => this.schedule(delay, resolve));
  }

  /** Lets time pass until `end`, or until `isOver`. */
  async run(end, isOver) {
    // Once a run, so that the thread can receive messages.
    await new Promise((resolve) => real.setImmediate(resolve));
    for (;;) {
      // A tick begins when no promise is left to settle: everything that followed from the last timer has happened.
      await new Promise((resolve) => real.nextTick(resolve));
      if (isOver?.()) return;
      let timer = this.#pop();
      while (timer !== undefined && timer.work === undefined) timer = this.#pop();
      if (timer === undefined || timer.at > end) {
        if (timer !== undefined) this.#push(timer);
        this.now = Math.max(this.now, end);
        return;
      }
      this.now = Math.max(this.now, timer.at);
      timer.work();
      this.turns++;
      this.trace =
        Math.imul(this.trace ^ timer.number, 16777619) ^ (timer.order * 2 ** 32) ^ Math.floor(timer.at * 1_000);
    }
  }

  #sequence(name) {
    let sequence = this.#sequences.get(name);
    if (sequence === undefined) {
      sequence = { hash: hash(this.#seed, name), count: 0 };
      this.#sequences.set(name, sequence);
    }
    return sequence;
  }

  #push(timer) {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (isBefore(heap[above], timer)) break;
      heap[at] = heap[above];
      at = above;
    }
    heap[at] = timer;
  }

  #pop() {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1], heap[below])) below++;
      if (isBefore(last, heap[below])) break;
      heap[at] = heap[below];
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one, other) {
  if (one.at !== other.at) return one.at < other.at;
  return one.order !== other.order ? one.order < other.order : one.number < other.number;
}
