/** The health and load of a store. */
export interface StoreHealth {
  /** Whether it responds and accepts appends. */
  readonly reachable: boolean;
  /** Why it is not reachable. */
  readonly error?: string;
  /** How long the response took, in milliseconds. */
  readonly latency?: number;
  /** Use of the connection pool, in stores that have one. */
  readonly connections?: ConnectionStats;
  /** State of the replica, if there is one. */
  readonly replica?: ReplicaStats;
  /** Problems that weaken the guarantees of the store, as sentences. */
  readonly warnings: readonly string[];
}

/** Use of a connection pool. It is saturated when `waiting` and `longestWait` grow while `idle` is 0. */
export interface ConnectionStats {
  /** Number of connections, in use and idle. */
  readonly open: number;
  /** Number of connections that no call uses. */
  readonly idle: number;
  /** Maximum number of connections. */
  readonly most: number;
  /** Number of calls that wait for a connection. */
  readonly waiting: number;
  /** The longest wait for a connection within the last minute, in milliseconds. */
  readonly longestWait: number;
}

/** The state of a read replica. */
export interface ReplicaStats {
  /** Whether it responds. */
  readonly reachable: boolean;
  /** Bytes of the log that it has not replayed. */
  readonly lag?: number;
}
