import { type Behaviour, CommandDecision, type CommandDefinition, type Decided } from "../aggregate/index.js";
import { createRequestCheck } from "../app/index.js";
import {
  type AnyMethod,
  type CallContext,
  type CallOptions,
  type Clock,
  DefaultCallContext,
  isRejection,
  type Rejection,
  tenantOf,
  withContext,
} from "../cqrs/index.js";
import { isPotterError, type PotterError } from "../errors/index.js";
import type { AnyCodec } from "../message/index.js";
import { hasRules, type Validate } from "../validation/index.js";
import { createValidation } from "../validation/protovalidate/index.js";
import { fixedClock } from "./fixed-clock.js";

/** The state before a command, and its version. */
export interface History {
  readonly state: unknown;
  readonly version: number;
}

/** The outcome of a command: a decision, a rejection by the decider, or a failure before or after it. */
export type Tried = { readonly method: AnyMethod } & (
  | { readonly kind: "decided"; readonly events: Decided["events"]; readonly response: unknown }
  | { readonly kind: "rejected"; readonly rejection: Rejection }
  | { readonly kind: "refused"; readonly error: PotterError }
);

/** Runs a command on a decider with a history. */
export type Trial = (history: History, request: unknown) => Tried;

/** Creates a trial for each command of a decider, with the same checks as in an app. */
export function createTrials(
  behaviour: Behaviour,
  options: CallOptions & { readonly now?: Date },
): ReadonlyMap<string, Trial> {
  return new Map(
    Object.entries(behaviour.aggregate.commands()).map(([name, command]) => [
      name,
      createTrial(command, new CommandDecision(behaviour, name, command), options),
    ]),
  );
}

function createTrial(
  { method }: CommandDefinition,
  decision: CommandDecision,
  options: CallOptions & { readonly now?: Date },
): Trial {
  const check = createRequestCheck(method, validationOf);
  const attempt = (history: History, request: unknown): Tried => {
    const context = inTenant(method, request, new DefaultCallContext(options, fixedClock(options.now)));
    const error = check?.(request);
    if (error !== undefined) return { method, kind: "refused", error };
    const call = { method, request, context };
    const decided = decision.decide(history, call, decision.createContext(call));
    if (isRejection(decided)) return { method, kind: "rejected", rejection: decided };
    const response = decided.response();
    for (const { name, definition, data } of decided.events) encode(definition.codec, data, `the event ${name}`);
    encode(method.response, response, "the answer");
    return { method, kind: "decided", events: decided.events, response };
  };
  return (history, init) => {
    try {
      return attempt(history, method.request.create(init));
    } catch (error) {
      if (isPotterError(error)) return { method, kind: "refused", error };
      throw error;
    }
  };
}

function inTenant(method: AnyMethod, request: unknown, context: CallContext & Clock): CallContext & Clock {
  if (method.tenant === undefined) return context;
  const tenant = tenantOf(method.tenant(request), context);
  return tenant === context.tenant ? context : withContext(context, { tenant });
}

/** Throws for a message that cannot be encoded: an error of the decider, which an app reports as `internal`. */
function encode(codec: AnyCodec, message: unknown, what: string): void {
  try {
    codec.encode(message);
  } catch (cause) {
    throw new Error(`${what} cannot be encoded as ${codec.typeName}: ${(cause as Error).message}`, { cause });
  }
}

const known = new WeakMap<AnyCodec, Validate>();

/** Compiles the validation of a type once for all specifications. */
export function validationOf(codec: AnyCodec): Validate | undefined {
  if (!hasRules(codec.schema)) return undefined;
  let validate = known.get(codec);
  if (validate === undefined) {
    validate = createValidation()(codec);
    known.set(codec, validate);
  }
  return validate;
}
