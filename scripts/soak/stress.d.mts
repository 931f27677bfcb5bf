import type { PostgresServer } from "../postgres-server.mjs";

export interface StressOptions {
  readonly seconds?: number;
  readonly writers?: number;
  readonly concurrency?: number;
  readonly readers?: number;
  readonly faults?: boolean;
  readonly crashes?: number;
  readonly naive?: boolean;
  readonly unlocked?: "functions" | "statements";
  readonly plain?: boolean;
}

export interface StressVerdict {
  readonly recorded: number;
  readonly acknowledged: number;
  readonly broken: number;
  readonly forgotten: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly torn: number;
  readonly unproved: number;
  readonly skipped: number;
  readonly writersKilled: number;
  readonly readersKilled: number;
  readonly terminated: number;
  readonly crashes: number;
  readonly prepared: number;
  readonly elsewhere: number;
  readonly frozen: number;
}

export function runStress(server: PostgresServer, options?: StressOptions): Promise<StressVerdict>;
