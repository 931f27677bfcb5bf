import type { SagaDefinition } from "../declaration/index.js";
import type { SagaHistoryEntry, SagaInstance, SagaStatus } from "../machine/index.js";

/** A step of a saga, for people and tools. */
export interface SagaStepStatus {
  /** Proto name. */
  readonly name: string;
  /** `waiting`, `running`, `done`, `skipped`, `failed`, `undoing`, `undone` or `timed_out`. */
  readonly status: string;
  /** When it began. */
  readonly startedAt?: Date;
  /** When it was done, skipped or failed. */
  readonly endedAt?: Date;
  /**
   * Of its commands together: how often they were sent, without attempts whose process died. Once the step is undone, how often its
   * compensations were. The `retry` of a person begins again at 0.
   */
  readonly attempts: number;
  /** When the next attempt, its timer or its limit is due, whichever is first. */
  readonly due?: Date;
  /** Code of the last error, and the full name of the declared error, or what went wrong. */
  readonly failure?: { readonly code: string; readonly reason?: string };
}

/** A saga, for people and tools. */
export interface SagaState<Data = unknown> {
  /** The id, unique in its type and tenant. */
  readonly id: string;
  /** The tenant; empty: none. */
  readonly tenant: string;
  /** The version of the definition that it started with. */
  readonly version: number;
  /** Whether it runs, is compensated or suspended, and how it ended. */
  readonly status: SagaStatus;
  /** Whether a person has paused it: no command begins. */
  readonly paused: boolean;
  /** Its data. */
  readonly data: Data;
  /** When it started, by the clock of the store. */
  readonly startedAt: Date;
  /** When it last changed. */
  readonly updatedAt: Date;
  /** When it is compensated unless it has ended. */
  readonly deadlineAt?: Date;
  /** Why it is compensated or suspended. */
  readonly failure?: { readonly code: string; readonly reason?: string };
  /** In the order of the contract. */
  readonly steps: readonly SagaStepStatus[];
  /** The newest 200 entries, the oldest first. */
  readonly history: readonly (Omit<SagaHistoryEntry, "at"> & { readonly at: Date })[];
}

export function toState(saga: SagaInstance, definition: SagaDefinition): SagaState {
  const { id, tenant, version, status, paused, data, startedAt, updatedAt, deadlineAt, failure, history } = saga;
  const order = Object.values(definition.steps).map(({ name }) => name);
  const names = [
    ...order.filter((name) => name in saga.steps),
    ...Object.keys(saga.steps).filter((name) => !order.includes(name)),
  ];
  return {
    id,
    tenant,
    version,
    status,
    paused,
    data,
    startedAt: new Date(startedAt),
    updatedAt: new Date(updatedAt),
    ...(deadlineAt !== undefined && { deadlineAt: new Date(deadlineAt) }),
    ...(failure && { failure }),
    steps: names.map((name) => toStep(name, saga)),
    history: history.map(({ at, ...entry }) => ({ ...entry, at: new Date(at) })),
  };
}

function toStep(name: string, { steps }: SagaInstance): SagaStepStatus {
  const {
    status,
    commands = [],
    startedAt,
    endedAt,
    timerAt,
    timeoutAt,
    failure,
  } = steps[name] ?? { status: "waiting" };
  const times = [timerAt, timeoutAt, ...commands.map(({ retryAt }) => retryAt)].filter((time) => time !== undefined);
  const last = failure ?? commands.findLast((command) => command.failure !== undefined)?.failure;
  const isOpen = status === "running" || status === "undoing";
  return {
    name,
    status,
    ...(startedAt !== undefined && { startedAt: new Date(startedAt) }),
    ...(endedAt !== undefined && { endedAt: new Date(endedAt) }),
    attempts: commands.reduce((sum, { attempts }) => sum + attempts, 0),
    ...(isOpen && times.length > 0 && { due: new Date(Math.min(...times)) }),
    ...(last && { failure: last }),
  };
}
