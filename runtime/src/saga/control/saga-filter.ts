import type { PageRequest } from "../../cqrs/index.js";
import type { RowCondition } from "../../store/ports/index.js";
import type { SagaStatus } from "../machine/index.js";

/** Whose saga. */
export interface SagaOwner {
  /** The tenant; required where the contract has tenants. Default: none. */
  readonly tenant?: string;
}

/** Which sagas to list. */
export interface SagaFilter extends SagaOwner, PageRequest {
  /** Only sagas with this status, or with one of several. */
  readonly status?: SagaStatus | readonly SagaStatus[];
  /** Proto name of the step that is under way; of several, the first of the contract. */
  readonly step?: string;
  /** Only sagas that are paused, or only those that are not. */
  readonly paused?: boolean;
  /** Only sagas that were started before this time. */
  readonly startedBefore?: Date;
  /** Only sagas that have not changed since this time. */
  readonly idleSince?: Date;
}

/** Which rows a filter selects. */
export function toConditions({ status, step, paused, startedBefore, idleSince }: SagaFilter): readonly RowCondition[] {
  const conditions: RowCondition[] = [];
  if (typeof status === "string") conditions.push({ field: "status", op: "eq", value: status });
  else if (status !== undefined) conditions.push({ field: "status", op: "in", value: status });
  if (step !== undefined) conditions.push({ field: "step", op: "eq", value: step });
  if (paused !== undefined) conditions.push({ field: "paused", op: "eq", value: paused });
  if (startedBefore !== undefined) conditions.push({ field: "started", op: "lt", value: startedBefore.getTime() });
  if (idleSince !== undefined) conditions.push({ field: "updated", op: "lt", value: idleSince.getTime() });
  return conditions;
}
