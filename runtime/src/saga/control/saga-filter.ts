import type { PageRequest } from "../../cqrs/index.js";
import type { RowCondition } from "../../store/ports/index.js";
import type { SagaStatus } from "../machine/index.js";
import { checkOptions, refusal } from "./check-input.js";

/** All statuses of sagas. */
export const sagaStatuses: readonly SagaStatus[] = ["running", "compensating", "completed", "compensated", "suspended"];

/** Whose saga. */
export interface SagaOwner {
  /** The tenant; required where the contract has tenants. Default: none. */
  readonly tenant?: string;
}

/** Which sagas to list. */
export interface SagaFilter extends SagaOwner, PageRequest {
  /** Only sagas with this status, or with one of several. */
  readonly status?: SagaStatus | readonly SagaStatus[];
  /** Proto name of the step that is under way; of several, the first of the contract. One that the definition lacks is refused. */
  readonly step?: string;
  /** Only sagas that are paused, or only those that are not. */
  readonly paused?: boolean;
  /** Only sagas that were started before this time. */
  readonly startedBefore?: Date;
  /** Only sagas that have not changed since this time. */
  readonly idleSince?: Date;
}

/**
 * Throws `invalid_argument` for a filter that would select other sagas than it seems to, or none. `steps`: the proto names of those that
 * the definition has.
 */
export function checkFilter(filter: SagaFilter, steps: readonly string[]): void {
  const texts = { tenant: "text", step: "text", pageToken: "text" } as const;
  checkOptions(filter, { ...texts, paused: "flag", startedBefore: "time", idleSince: "time" });
  const { status, step, pageSize = 0 } = filter;
  if (step !== undefined && !steps.includes(step)) throw refusal("step", step, `one of ${steps.join(", ")}`);
  if (!Number.isSafeInteger(pageSize)) throw refusal("pageSize", pageSize, "a whole number");
  if (status === undefined) return;
  const list: readonly unknown[] = Array.isArray(status) ? status : [status];
  const wrong = list.length === 0 ? [status] : list.filter((one) => !sagaStatuses.includes(one as SagaStatus));
  if (wrong.length > 0) throw refusal("status", wrong[0], `one or more of ${sagaStatuses.join(", ")}`);
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
