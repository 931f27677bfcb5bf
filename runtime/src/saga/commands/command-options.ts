import { nameId } from "../../message/index.js";
import type { SagaOrigin } from "../machine/index.js";
import type { SagaKey } from "../transaction/index.js";
import type { CommandAction } from "./command-host.js";

/** Of the ids of commands. */
const namespace = "potter.saga";

/** The options of the call of a command: the same for each attempt, in each process. */
export function optionsOf(
  { type, tenant, id }: SagaKey,
  origin: SagaOrigin,
  action: CommandAction,
): {
  readonly commandId: string;
  readonly tenant: string;
  readonly correlationId: string;
  readonly causationId: string;
} {
  const { step, phase, element } = action;
  const { correlationId, causationId = id, user } = origin;
  const commandId = nameId(namespace, type, tenant, id, step, phase, element);
  return { commandId, tenant, correlationId, causationId, ...(user !== undefined && { user }) };
}
