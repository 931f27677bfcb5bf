import { queueMacrotask } from "../../async/index.js";
import { PotterError } from "../../errors/index.js";

/** What came of one piece of work. */
export type Settled<Result> = { readonly result: Result } | { readonly error: unknown };

interface Waiting<Work, Result> {
  readonly work: Work;
  readonly keys: readonly string[];
  readonly size: number;
  readonly since: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Most pieces of work in one call. */
const maxGroup = 256;
/** Most bytes in one call, of two and more: the server holds all of it at once, and what is small waits for what is large. */
const maxGroupSize = 4 * 1024 * 1024;
/** How many calls may be on the way: while the database writes one to disk, it can work on the next. */
const maxCalls = 2;

export interface GroupCommitOptions<Work> {
  /** Bytes of a piece of work. Default: all are small. */
  readonly sizeOf?: ((work: Work) => number) | undefined;
  /** How long work may wait until it is sent, in milliseconds; then it fails with `resource_exhausted`. Default: for ever. */
  readonly patience?: number | undefined;
}

/**
 * Sends work that several callers ask for at the same time as one call. There is no timer: what is asked for while the
 * wire is free goes at once and alone; what is asked for while calls are on the way has gathered when one is back.
 */
export class GroupCommit<Work, Result> {
  private readonly send: (work: readonly Work[]) => Promise<readonly Settled<Result>[]>;
  private readonly keysOf: (work: Work) => readonly string[];
  private readonly sizeOf: (work: Work) => number;
  private readonly patience: number;
  private waiting: Waiting<Work, Result>[] = [];
  private calls = 0;
  /** Those who were just answered are about to ask again: what they ask for is to go together. */
  private settling = false;

  /** `send` answers each piece of work in order. `keysOf` says what two pieces of work of one call must not have in common. */
  constructor(
    send: (work: readonly Work[]) => Promise<readonly Settled<Result>[]>,
    keysOf: (work: Work) => readonly string[],
    { sizeOf = () => 0, patience = Number.POSITIVE_INFINITY }: GroupCommitOptions<Work> = {},
  ) {
    this.patience = patience;
    this.sizeOf = sizeOf;
    this.send = send;
    this.keysOf = keysOf;
  }

  run(work: Work): Promise<Result> {
    return new Promise((resolve, reject) => {
      const [keys, size] = [this.keysOf(work), this.sizeOf(work)];
      this.waiting.push({ work, keys, size, since: performance.now(), resolve, reject });
      if (!this.settling) this.drain();
    });
  }

  private drain(): void {
    while (this.calls < maxCalls && this.waiting.length > 0) {
      const group = this.take();
      if (group.length > 0) void this.call(group);
    }
  }

  /** The next group: in the order they came, each key once, not more bytes than one call may have. */
  private take(): readonly Waiting<Work, Result>[] {
    const keys = new Set<string>();
    const group: Waiting<Work, Result>[] = [];
    const left: Waiting<Work, Result>[] = [];
    let size = 0;
    const oldest = performance.now() - this.patience;
    for (const entry of this.waiting) {
      if (entry.since < oldest) {
        const message = `appends are not sent within ${this.patience} ms: the database is too slow for them`;
        entry.reject(new PotterError("resource_exhausted", message, { confidential: true }));
        continue;
      }
      const fits = group.length === 0 || (group.length < maxGroup && size + entry.size <= maxGroupSize);
      if (fits && !entry.keys.some((key) => keys.has(key))) {
        group.push(entry);
        size += entry.size;
      } else left.push(entry);
      // Also of those left: what comes after one of them in line must not overtake it.
      for (const key of entry.keys) keys.add(key);
    }
    this.waiting = left;
    return group;
  }

  private async call(group: readonly Waiting<Work, Result>[]): Promise<void> {
    this.calls++;
    try {
      const settled = await this.send(group.map(({ work }) => work));
      for (const [i, { resolve, reject }] of group.entries()) {
        const one = settled[i] as Settled<Result>;
        if ("error" in one) reject(one.error);
        else resolve(one.result);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
    this.calls--;
    if (group.length === 1 && this.waiting.length === 0) return;
    if (this.settling) return;
    this.settling = true;
    queueMacrotask(() => {
      this.settling = false;
      this.drain();
    });
  }
}
