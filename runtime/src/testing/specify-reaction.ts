import { createRequestCheck } from "../app/index.js";
import type { AnyMethod, CallOptions, Method } from "../cqrs/index.js";
import { type Code, isPotterError, PotterError } from "../errors/index.js";
import { type EventDefinition, type MessageTypes, markErased } from "../message/index.js";
import type { EventMeta } from "../projection/index.js";
import { type DeferredCall, HandlerContext, type ReactionPart } from "../reaction/index.js";
import { expectEqual, expectTrue } from "./expectations/index.js";
import { validationOf } from "./trial.js";

/** A command that a handler sends, as `sent` returns it. */
export interface SentCommand {
  /** The method. */
  readonly method: AnyMethod;
  /** The request message. */
  readonly request: unknown;
  /** Its key, if the handler gives one. */
  readonly key?: string;
  /** When it is to be sent, if the handler schedules it. */
  readonly at?: Date;
}

/** A command that a reaction is expected to send, or with `at` to schedule. */
export function sent<Req extends MessageTypes, Res extends MessageTypes>(
  method: Method<Req, Res, "unary", "command">,
  request: Req["init"] | Req["message"],
  options: Pick<SentCommand, "key" | "at"> = {},
): SentCommand {
  return { method: method as unknown as AnyMethod, request: method.request.create(request), ...options };
}

/** An event of a specification: what `Order.event.orderPlaced({…})` returns, or any message with its definition. */
export interface GivenEvent {
  /** The event. */
  readonly definition: EventDefinition;
  /** Its message. */
  readonly data: unknown;
}

/** The metadata of an event. */
export interface GivenMeta extends Partial<Pick<EventMeta, "id" | "correlationId" | "metadata" | "version">> {
  /** Tenant of its stream. Default: none. */
  readonly tenant?: string;
  /** Id of its stream. Default: `1`. */
  readonly streamId?: string;
  /** When it was recorded. Default: 2020-01-01T00:00:00Z. */
  readonly at?: Date;
  /** Its data subject was erased. */
  readonly erased?: true;
}

/** What a handler has done, with checks. Each check throws an `ExpectationError` if it fails. */
export interface ReactionOutcome {
  /** The handler succeeds and sends exactly these commands, in this order. */
  sends(...commands: readonly SentCommand[]): this;
  /** The handler succeeds and sends no command. */
  sendsNothing(): this;
  /** The handler fails: with this code, if it is given, or with any error. */
  fails(code?: Code): this;
}

/** A reaction with the responses of what it calls. */
export interface ReactionSpecification {
  /**
   * Responds to calls of a method: by a response, or by a function that may throw. Commands without it get an empty response;
   * queries fail.
   */
  given<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary">,
    respond: Res["init"] | Res["message"] | ((request: Req["message"]) => Res["init"] | Res["message"]),
  ): ReactionSpecification;
  /** Handles an event. */
  when(event: GivenEvent, meta?: GivenMeta): Promise<ReactionOutcome>;
}

type Respond = (request: unknown) => unknown;

/**
 * Specifies a reaction: when this event arrives, then these commands are sent. Requests pass the validation rules of the
 * contract, as in an app. Needs no store, no app and no particular test runner.
 */
export function specifyReaction(part: ReactionPart): ReactionSpecification {
  return specification(part, new Map());
}

function specification(part: ReactionPart, responses: ReadonlyMap<string, Respond>): ReactionSpecification {
  return {
    given: (method, respond) => {
      const whole = typeof respond === "function" ? (respond as Respond) : () => respond;
      return specification(part, new Map([...responses, [nameOf(method as unknown as AnyMethod), whole]]));
    },
    async when({ definition, data }, meta = {}) {
      const { type, version } = definition;
      const handler = part.on.find(({ event }) => event.type === type && event.version === version);
      if (handler === undefined) {
        throw new PotterError(
          "invalid_argument",
          `the reaction ${part.name} does not handle ${type} version ${version}`,
        );
      }
      const calls: SentCommand[] = [];
      const event = toMeta(definition, meta);
      const send = async (method: AnyMethod, given: unknown, options: CallOptions) => {
        const request = method.request.create(given as never);
        const error = createRequestCheck(method, validationOf)?.(request);
        if (error !== undefined) throw error;
        if (method.kind === "command") calls.push(toSent(method, request, options, `${part.name}:${event.id}:key:`));
        return method.response.create(respond(responses, method, request) as never);
      };
      const schedule = async (method: AnyMethod, given: unknown, { id, at }: DeferredCall) => {
        await send(method, given, { commandId: id });
        calls.push({ ...(calls.pop() as SentCommand), at });
        return id;
      };
      const context = new HandlerContext(part.name, event, { send, schedule }, new AbortController().signal);
      const message = definition.codec.decode(definition.codec.encode(data as never));
      try {
        await handler.run((meta.erased === true ? markErased(message) : message) as never, context);
        await context.settled();
        return createOutcome(calls, undefined);
      } catch (error) {
        return createOutcome(calls, { error });
      } finally {
        context.end();
      }
    },
  };
}

function respond(responses: ReadonlyMap<string, Respond>, method: AnyMethod, request: unknown): unknown {
  const found = responses.get(nameOf(method));
  if (found !== undefined) return found(request);
  if (method.kind === "command") return {};
  throw new PotterError("not_found", `${nameOf(method)} has no response: add it by given()`);
}

function createOutcome(
  calls: readonly SentCommand[],
  failure: { readonly error: unknown } | undefined,
): ReactionOutcome {
  const described = failure === undefined ? calls.map(describe) : { fails: describeError(failure.error) };
  const outcome: ReactionOutcome = {
    sends(...expected) {
      expectEqual("the reaction to send", described, expected.map(describe));
      return outcome;
    },
    sendsNothing() {
      expectEqual("the reaction to send nothing", described, []);
      return outcome;
    },
    fails(code) {
      expectTrue(failure !== undefined, "expected the reaction to fail, it sent", described);
      if (code !== undefined) expectEqual("the reaction to fail with", codeOf(failure?.error), code);
      return outcome;
    },
  };
  return outcome;
}

function toSent(method: AnyMethod, request: unknown, { commandId = "" }: CallOptions, prefix: string): SentCommand {
  return { method, request, ...(commandId.startsWith(prefix) && { key: commandId.slice(prefix.length) }) };
}

function describe({ method, request, key, at }: SentCommand): unknown {
  const json = method.request.toJson(request as never);
  return {
    sends: nameOf(method),
    request: json,
    ...(key !== undefined && { key }),
    ...(at && { at: at.toISOString() }),
  };
}

function codeOf(error: unknown): string | undefined {
  return isPotterError(error) ? error.code : undefined;
}

function describeError(error: unknown): string {
  return isPotterError(error) ? `${error.code}: ${error.message}` : String(error);
}

function nameOf({ service, name }: Pick<AnyMethod, "service" | "name">): string {
  return `${service}.${name}`;
}

function toMeta({ type, version }: EventDefinition, given: GivenMeta): EventMeta {
  const { tenant = "", streamId = "1", at = new Date("2020-01-01T00:00:00Z"), erased, ...others } = given;
  const id = "00000000-0000-7000-8000-000000000001";
  const ids = { id, correlationId: id, causationId: id, position: 1, version: 1, metadata: {} };
  const stream = { tenant, type: "", id: streamId };
  return { ...ids, ...others, type, schemaVersion: version, stream, at: at.getTime(), ...(erased && { erased }) };
}
