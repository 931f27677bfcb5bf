import { type AnyMethod, type CallOptions, type FirstAttempt, withIntent } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import type { CommandRecord } from "../../store/ports/index.js";
import type { SagaOrigin } from "../machine/index.js";
import type { SagaKey } from "../transaction/index.js";
import type { CommandAction, CommandHost } from "./command-host.js";
import { optionsOf } from "./command-options.js";
import { carryOutFirst } from "./first-attempt.js";

/** The default of `lease`, in milliseconds. */
export const defaultLease = 10_000;

export function leaseOf({ options }: Pick<CommandHost, "options">): number {
  return options.lease ?? defaultLease;
}

/** One attempt to carry a command out. */
export interface Attempt {
  readonly key: SagaKey;
  readonly controller: AbortController;
  /** Resolves when the transition that begins it is stored. */
  readonly intent: Promise<void>;
  /** Until when, by `performance.now()`, no other process can have taken over a command that is sent for the first time. */
  readonly ownUntil: number;
  /** Others must not send the command before this has settled. */
  reserved: Promise<unknown> | undefined;
}

/** A response. `record`: to be stored with the transition that it leads to. */
export interface Response {
  readonly response: unknown;
  readonly record?: CommandRecord;
}

/** Sends a command once. Returns undefined if the saga has the response. */
export async function callCommand(
  host: CommandHost,
  attempt: Attempt,
  origin: SagaOrigin,
  action: CommandAction,
): Promise<Response | undefined> {
  const { key } = attempt;
  const { method } = action;
  const request = method.request.decode(action.request);
  const options = { ...optionsOf(key, origin, action), signal: attempt.controller.signal };
  const { call } = host.options;
  if (host.handles(method)) {
    return action.isLocal
      ? host.dispatchJoined(key, action, request, options)
      : callFunction(host, attempt, method, request, options);
  }
  if (call === undefined) {
    throw new PotterError("unimplemented", `${method.service}.${method.name} has no handler in this app`);
  }
  return { response: method.response.create((await call(method, request, { user: "", ...options })) as never) };
}

async function callFunction(
  host: CommandHost,
  attempt: Attempt,
  method: AnyMethod,
  request: unknown,
  options: CallOptions & { readonly commandId: string },
): Promise<Response> {
  let record: CommandRecord | undefined;
  const intent = {
    stored: attempt.intent,
    lease: leaseOf(host),
    isFirst: async () => {
      if (attempt.ownUntil === 0) return false;
      await attempt.intent;
      return performance.now() < attempt.ownUntil;
    },
    carryOut: (first: FirstAttempt) =>
      carryOutFirst(
        first,
        ({ response }) => {
          record = { id: options.commandId, requestHash: first.requestHash, response, codec: method.response };
        },
        (reserved) => {
          attempt.reserved = reserved;
        },
      ),
  };
  const { response } = await host.dispatch(method, request, withIntent(options, intent));
  return { response, ...(record && { record }) };
}
