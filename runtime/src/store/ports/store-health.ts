/** How a store is, and how busy. */
export interface StoreHealth {
  /** Whether it answers, and takes appends. */
  readonly reachable: boolean;
  /** Why not. */
  readonly error?: string;
  /** How long the answer took, in milliseconds. */
  readonly latency?: number;
  /** Where there are connections: how they are used. */
  readonly connections?: ConnectionStats;
  /** Where there is a replica: how far it has come. */
  readonly replica?: ReplicaStats;
  /** What makes the store promise less than it should, in words. */
  readonly warnings: readonly string[];
}

/** Saturated where `waiting` and `longestWait` grow while `idle` is 0. */
export interface ConnectionStats {
  readonly open: number;
  readonly idle: number;
  readonly most: number;
  /** Calls that wait for a connection now. */
  readonly waiting: number;
  /** The longest that a call has waited for one within the last minute, in milliseconds. */
  readonly longestWait: number;
}

export interface ReplicaStats {
  readonly reachable: boolean;
  /** Bytes of the log that it has not replayed yet. */
  readonly lag?: number;
}
