import type { CallContext } from "../cqrs/index.js";

/** What a command that has taken effect is waited for, as a token holds it. */
export interface Goal {
  readonly tenant: string;
  readonly user: string;
  /** Of the events. */
  readonly correlationId: string;
  /** Full names of the read models. */
  readonly models: readonly string[];
  /** The position that they have to include. */
  readonly position: number;
  /** When that was the last position of the command, in milliseconds since 1970. */
  readonly at: number;
  /** Stored types of the events, in their current version. The first that comes ends the wait. */
  readonly events: readonly string[];
  /** The events come after this position. */
  readonly from: number;
}

export function writeGoal({ tenant, user, correlationId, models, position, at, events, from }: Goal): string {
  return JSON.stringify([tenant, user, correlationId, models, position, at, events, from]);
}

/** Reads what `writeGoal` has written: it comes from a sealed token. */
export function readGoal(text: string): Goal {
  const [tenant, user, correlationId, models, position, at, events, from] = JSON.parse(text);
  return { tenant, user, correlationId, models, position, at, events, from };
}

/** Whether a caller is the one whose command it was, as far as it is known who calls. */
export function isOfCaller({ tenant, user }: Goal, context: Pick<CallContext, "tenant" | "tenants" | "user">): boolean {
  if (user !== context.user) return false;
  if (context.tenant !== "" || tenant === "") return context.tenant === tenant;
  return context.tenants === undefined || context.tenants === "any" || context.tenants.includes(tenant);
}
