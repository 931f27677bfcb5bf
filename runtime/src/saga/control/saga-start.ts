import { PotterError } from "../../errors/index.js";
import { newId } from "../../message/index.js";
import { checkCause } from "../../store/checks/index.js";
import type { SagaDefinition } from "../declaration/index.js";
import { copyOf, idOf, type SagaOrigin } from "../machine/index.js";
import { checkOptions, refusal } from "./check-input.js";
import type { SagaOwner } from "./saga-filter.js";

/** Options of `start`. */
export interface SagaStartOptions extends SagaOwner {
  /** The user for whom its commands are sent. Default: unknown. */
  readonly user?: string;
  /** The conversation that its commands belong to. Default: the id of the saga. */
  readonly correlationId?: string;
  /** The id of the message that is the cause. Default: none. */
  readonly causationId?: string;
}

/** Checks with what a caller starts a saga. Throws `invalid_argument`. */
export function toStart(
  definition: SagaDefinition,
  init: unknown,
  options: SagaStartOptions,
): { readonly id: string; readonly data: unknown; readonly origin: SagaOrigin } {
  checkOptions(options, { tenant: "text", user: "text", correlationId: "text", causationId: "text" });
  if (typeof init !== "object" || init === null) throw refusal("the data of a saga", init, `a ${definition.name}`);
  const data = toData(definition, init);
  const { correlationId = newId(), causationId, user } = options;
  const origin = {
    correlationId,
    ...(causationId !== undefined && { causationId }),
    ...(user !== undefined && { user }),
  };
  checkCause(origin);
  return { id: idOf(definition, data), data, origin };
}

/** A copy, since the caller may go on to use the object before the saga is stored. */
function toData({ name, codec }: SagaDefinition, init: object): unknown {
  try {
    return copyOf(codec, init);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PotterError("invalid_argument", `the data of the saga is no ${name}: ${reason}`, { cause });
  }
}
