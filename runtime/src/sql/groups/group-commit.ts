import { queueMacrotask } from "../../async/index.js";
import { PotterError } from "../../errors/index.js";

/** Result or error of one piece of work. */
export type Settled<Result> = { readonly result: Result } | { readonly error: unknown };

interface Waiting<Work, Result> {
  readonly work: Work;
  readonly keys: readonly string[];
  readonly shared: readonly string[];
  readonly size: number;
  readonly since: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Default maximum number of pieces of work in one call. */
const defaultGroup = 256;
/**
 * Maximum size of a call with more than one piece, in bytes: the server holds all of it in memory, and small pieces
 * wait for large ones.
 */
const maxGroupSize = 4 * 1024 * 1024;
/** Default maximum number of running calls: while the database writes one to disk, it can work on the next. */
const defaultCalls = 2;

export interface GroupCommitOptions<Work> {
  /** Size of a piece of work in bytes. Default: 0. */
  readonly sizeOf?: ((work: Work) => number) | undefined;
  /**
   * How long work may wait until it is sent, in milliseconds; then it fails with `resource_exhausted`. Default: no
   * limit.
   */
  readonly patience?: number | undefined;
  /** Maximum number of pieces of work in one call. Default: 256. */
  readonly pieces?: number | undefined;
  /** Maximum number of running calls. Default: 2. */
  readonly calls?: number | undefined;
  /** Collects for one turn of the event loop, and then makes one call at a time, see `SqlDriver.blocks`. */
  readonly gather?: boolean | undefined;
  /** Keys that several pieces of one call may share, unless one of them has it among its `keysOf`. Default: none. */
  readonly sharedKeysOf?: ((work: Work) => readonly string[]) | undefined;
}

/**
 * Sends concurrent work of several callers as one call. There is no timer: work that arrives while a call slot is free
 * is sent at once, or with `gather` in the next turn of the event loop; work that arrives later forms the next group.
 */
export class GroupCommit<Work, Result> {
  private readonly send: (work: readonly Work[]) => Promise<readonly Settled<Result>[]>;
  private readonly keysOf: (work: Work) => readonly string[];
  private readonly sizeOf: (work: Work) => number;
  private readonly sharedKeysOf: (work: Work) => readonly string[];
  private readonly patience: number;
  private readonly maxGroup: number;
  private readonly maxCalls: number;
  private readonly gather: boolean;
  private waiting: Waiting<Work, Result>[] = [];
  private calls = 0;
  /** Callers that just got results are about to send more work, which should form one group. */
  private settling = false;

  /** `send` returns one result per piece of work, in order. No two pieces of one call share a key of `keysOf`. */
  constructor(
    send: (work: readonly Work[]) => Promise<readonly Settled<Result>[]>,
    keysOf: (work: Work) => readonly string[],
    {
      sizeOf = () => 0,
      patience = Number.POSITIVE_INFINITY,
      pieces = defaultGroup,
      calls = defaultCalls,
      gather = false,
      sharedKeysOf = () => [],
    }: GroupCommitOptions<Work> = {},
  ) {
    this.patience = patience;
    this.maxGroup = pieces;
    this.maxCalls = gather ? 1 : calls;
    this.gather = gather;
    this.sharedKeysOf = sharedKeysOf;
    this.sizeOf = sizeOf;
    this.send = send;
    this.keysOf = keysOf;
  }

  run(work: Work): Promise<Result> {
    return new Promise((resolve, reject) => {
      const [keys, shared, size] = [this.keysOf(work), this.sharedKeysOf(work), this.sizeOf(work)];
      this.waiting.push({ work, keys, shared, size, since: performance.now(), resolve, reject });
      if (this.settling) return;
      if (this.gather) this.drainLater();
      else this.drain();
    });
  }

  private drain(): void {
    while (this.calls < this.maxCalls && this.waiting.length > 0) {
      const group = this.take();
      if (group.length > 0) void this.call(group);
    }
  }

  /** The next group: in order of arrival, each key once, within the size limit. */
  private take(): readonly Waiting<Work, Result>[] {
    const keys = new Set<string>();
    const shared = new Set<string>();
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
      const fits = group.length === 0 || (group.length < this.maxGroup && size + entry.size <= maxGroupSize);
      const collides =
        entry.keys.some((key) => keys.has(key) || shared.has(key)) || entry.shared.some((key) => keys.has(key));
      if (fits && !collides) {
        group.push(entry);
        size += entry.size;
      } else left.push(entry);
      // Also of postponed work: later work with the same key must not overtake it.
      for (const key of entry.keys) keys.add(key);
      for (const key of entry.shared) shared.add(key);
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
    if (!this.settling) this.drainLater();
  }

  private drainLater(): void {
    this.settling = true;
    queueMacrotask(() => {
      this.settling = false;
      this.drain();
    });
  }
}

/** Runs work. Never rejects. */
export async function settle<T>(work: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { result: await work() };
  } catch (error) {
    return { error };
  }
}
