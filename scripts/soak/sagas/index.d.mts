import type { PostgresServer } from "../../postgres-server.mjs";

export interface SagasOptions {
  readonly sagas?: number;
  readonly seconds?: number;
  readonly limit?: number;
  readonly rounds?: number;
  readonly gap?: number;
  readonly workers?: number;
  readonly open?: number;
  readonly every?: number;
  readonly between?: number;
  readonly lease?: number;
  readonly patience?: number;
  readonly isComplete?: boolean;
  readonly mutation?: string;
}

export interface SagasVerdict {
  readonly counts: Readonly<
    Record<
      | "sagas"
      | "completed"
      | "compensated"
      | "suspended"
      | "left"
      | "transitions"
      | "effects"
      | "killed"
      | "stopped"
      | "twice"
      | "serverStops"
      | "fenced"
      | "takenOver"
      | "seconds",
      number
    >
  >;
  readonly violations: Readonly<Record<string, number>>;
  readonly texts: readonly string[];
  readonly hits: Readonly<Record<string, number>>;
  readonly isPassed: boolean;
}

export const mutations: Readonly<Record<string, object>>;

export function runSagas(server: PostgresServer, options?: SagasOptions): Promise<SagasVerdict>;
