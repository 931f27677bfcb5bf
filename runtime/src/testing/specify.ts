import {
  type AggregateTypes,
  type AnyDeciderPart,
  type Behaviour,
  createBehaviour,
  type DeciderPart,
  DefaultDecideContext,
  type EmittedEvent,
  EventCatalog,
  type NewEvent,
} from "../aggregate/index.js";
import { type CallOptions, DefaultCallContext, isRejection, type Method, type Rejection } from "../cqrs/index.js";
import type { EventDefinition, MessageTypes } from "../message/index.js";
import { expectEqual, expectTrue } from "./expectation.js";
import { fixedClock } from "./fixed-clock.js";

type Field<T, K extends PropertyKey> = T extends { readonly [P in K]: infer V } ? V : never;
type RequestInit<C> = Field<C, "method"> extends Method<infer Q, infer _R, infer _S> ? Q["init"] | Q["message"] : never;
type Response<C> = Field<C, "method"> extends Method<infer _Q, infer R, infer _S> ? R["init"] | R["message"] : never;
type Details<A extends AggregateTypes, Name> = Name extends keyof A["errors"]
  ? A["errors"][Name] extends MessageTypes
    ? A["errors"][Name]["init"]
    : never
  : never;

/** What a command led to, to be compared with what it should. Each check throws if it does not hold. */
export interface Outcome<A extends AggregateTypes, C> {
  /** The command records exactly these events, in this order. */
  emits(...events: readonly EmittedEvent<A, C>[]): this;
  /** The command succeeds and records nothing. */
  emitsNothing(): this;
  /** The command is refused with this declared error, and these details if given. */
  rejects<Name extends Field<C, "failsWith">>(name: Name, details?: Details<A, Name>): this;
  /** The command succeeds with this answer. */
  replies(response: Response<C>): this;
}

/** A decider with a history, before a command. */
export interface Specification<S, A extends AggregateTypes> {
  /** Adds events to the history. */
  given(...events: readonly { [K in keyof A["events"]]: NewEvent<K> }[keyof A["events"]][]): Specification<S, A>;
  /** Adds an event as it was stored, superseded ones included. */
  givenStored<M extends MessageTypes>(definition: EventDefinition<M>, data: M["init"]): Specification<S, A>;
  /** Sends a command. */
  readonly when: {
    readonly [K in keyof A["commands"]]: (request?: RequestInit<A["commands"][K]>) => Outcome<A, A["commands"][K]>;
  };
  /** The state after the history. */
  state(): S;
}

/** Sets what `ctx` gives to `decide`. Ids are `id-1`, `id-2`, … */
export interface SpecifyOptions extends CallOptions {
  /** Default: 2020-01-01T00:00:00Z. */
  readonly now?: Date;
}

/**
 * Says what a decider does: given a history, when a command comes, then these events, that answer or that
 * refusal. Needs no store, no app and no particular test runner.
 */
export function specify<S, A extends AggregateTypes>(
  part: DeciderPart<S, A>,
  options: SpecifyOptions = {},
): Specification<S, A> {
  const catalog = new EventCatalog();
  catalog.addDecider(part as AnyDeciderPart);
  const behaviour = createBehaviour(part as AnyDeciderPart, catalog);
  return specification({ behaviour, catalog, options }, { state: behaviour.initial(), version: 0 });
}

interface Subject {
  readonly behaviour: Behaviour;
  readonly catalog: EventCatalog;
  readonly options: SpecifyOptions;
}

interface History {
  readonly state: unknown;
  readonly version: number;
}

function specification<S, A extends AggregateTypes>(subject: Subject, history: History): Specification<S, A> {
  const { behaviour } = subject;
  const names = Object.keys(behaviour.aggregate.commands());
  return {
    given: (...events) =>
      specification(subject, {
        state: (events as readonly NewEvent[]).reduce((state, event) => behaviour.evolve(state, event), history.state),
        version: history.version + events.length,
      }),
    givenStored: (definition, data) =>
      specification(subject, {
        state: behaviour.replay(history.state, toRecorded(definition, data)),
        version: history.version + 1,
      }),
    when: Object.fromEntries(
      names.map((name) => [name, (request?: unknown) => run(subject, history, name, request)]),
    ) as unknown as Specification<S, A>["when"],
    state: () => history.state as S,
  };
}

function toRecorded<M extends MessageTypes>(definition: EventDefinition<M>, data: M["init"]) {
  return {
    id: "",
    position: 0,
    stream: { tenant: "", type: "", id: "" },
    version: 0,
    type: definition.type,
    schemaVersion: definition.version,
    at: 0,
    correlationId: "",
    causationId: "",
    metadata: {},
    data: definition.codec.create(data),
  };
}

function run(subject: Subject, history: History, name: string, init: unknown): Outcome<AggregateTypes, unknown> {
  const { behaviour, options } = subject;
  const command = behaviour.aggregate.commands()[name];
  if (command === undefined) throw new Error(`${behaviour.aggregate.name} has no command ${name}`);
  const request = command.method.request.create(init);
  const call = new DefaultCallContext(options, fixedClock(options.now));
  const ctx = new DefaultDecideContext(call, command.id(request) || call.newId());
  ctx.version = history.version;
  const decision = behaviour.decide(name, history.state, request, ctx);
  const reply = () => {
    if (isRejection(decision)) return undefined;
    const after = decision.reduce((state, event) => behaviour.evolve(state, event), history.state);
    const written = behaviour.reply(name);
    return command.method.response.create(
      written === undefined ? command.respond?.(request, ctx.id) : written(after, request, ctx),
    );
  };
  return outcome(decision, reply, command.method.response);
}

function outcome(
  decision: Rejection | readonly NewEvent[],
  reply: () => unknown,
  response: { create(init: unknown): unknown; toJson(message: unknown): unknown },
): Outcome<AggregateTypes, unknown> {
  const events = isRejection(decision) ? [] : decision;
  const described = isRejection(decision) ? describeRejection(decision) : decision.map(describeEvent);
  const checks: Outcome<AggregateTypes, unknown> = {
    emits(...expected) {
      expectEqual("the command to emit", described, (expected as readonly NewEvent[]).map(describeEvent));
      return checks;
    },
    emitsNothing() {
      expectEqual("the command to emit nothing", described, []);
      return checks;
    },
    rejects(name: string, details?: unknown) {
      expectTrue(isRejection(decision), `expected a rejection ${name}, the command emitted`, events.map(describeEvent));
      const rejection = decision as Rejection;
      const { codec } = rejection.definition;
      const expected =
        details === undefined ? { rejects: name } : { rejects: name, details: codec.toJson(codec.create(details)) };
      const actual = describeRejection(rejection);
      expectEqual("the command to be rejected", details === undefined ? { rejects: actual.rejects } : actual, expected);
      return checks;
    },
    replies(expected) {
      expectTrue(!isRejection(decision), "expected an answer, the command was rejected", described);
      expectEqual("the answer", response.toJson(reply()), response.toJson(response.create(expected)));
      return checks;
    },
  };
  return checks;
}

function describeEvent({ name, data, definition }: NewEvent): unknown {
  return { emits: name, data: definition.codec.toJson(data) };
}

function describeRejection({ name, details, definition }: Rejection): { rejects: string; details: unknown } {
  return { rejects: name, details: definition.codec.toJson(details) };
}
