import {
  type AggregateTypes,
  type AnyDeciderPart,
  type Behaviour,
  createBehaviour,
  type DeciderPart,
  EventCatalog,
  type NewEvent,
  type PropertyOf,
} from "../aggregate/index.js";
import type { CallOptions, Method } from "../cqrs/index.js";
import type { EventDefinition, MessageTypes } from "../message/index.js";
import { createOutcome, type Outcome } from "./outcome.js";
import { createTrials, type History, type Trial } from "./trial.js";

/** What a command can be sent as: the request message, or the value that one is created from. */
export type CommandInit<C> =
  PropertyOf<C, "method"> extends Method<infer Q, infer _R, infer _S> ? Q["init"] | Q["message"] : never;

/** A decider with a history, ready for a command. */
export interface Specification<S, A extends AggregateTypes> {
  /** Adds events to the history. */
  given(...events: readonly { [K in keyof A["events"]]: NewEvent<K> }[keyof A["events"]][]): Specification<S, A>;
  /** Adds a stored event, also of a superseded type. */
  givenStored<M extends MessageTypes>(definition: EventDefinition<M>, data: M["init"]): Specification<S, A>;
  /** Sends a command. */
  readonly when: {
    readonly [K in keyof A["commands"]]: (request?: CommandInit<A["commands"][K]>) => Outcome<A, A["commands"][K]>;
  };
  /** The state after the history. */
  state(): S;
}

/** Sets the context of `decide`. New ids are `id-1`, `id-2`, … */
export interface SpecifyOptions extends CallOptions {
  /** Default: 2020-01-01T00:00:00Z. */
  readonly now?: Date;
}

/**
 * Specifies a decider: given a history, when a command arrives, then these events, this response or this error. A command passes
 * the same checks as in an app: tenancy, validation rules, `creates`. Needs no store, no app and no particular test runner.
 */
export function specify<S, A extends AggregateTypes>(
  part: DeciderPart<S, A>,
  options: SpecifyOptions = {},
): Specification<S, A> {
  const catalog = new EventCatalog();
  catalog.addDecider(part as AnyDeciderPart);
  const behaviour = createBehaviour(part as AnyDeciderPart, catalog);
  const trials = createTrials(behaviour, options);
  return specification({ behaviour, trials }, { state: behaviour.initial(), version: 0 });
}

interface Subject {
  readonly behaviour: Behaviour;
  /** Runs each command, by local name. */
  readonly trials: ReadonlyMap<string, Trial>;
}

function specification<S, A extends AggregateTypes>(subject: Subject, history: History): Specification<S, A> {
  const { behaviour, trials } = subject;
  const after = (state: unknown, count: number) =>
    specification<S, A>(subject, { state, version: history.version + count });
  return {
    given: (...events) =>
      after(
        (events as readonly NewEvent[]).reduce(
          (state, { definition, data }) => behaviour.replay(state, toStored(definition, data)),
          history.state,
        ),
        events.length,
      ),
    givenStored: (definition, data) =>
      after(behaviour.replay(history.state, toStored(definition, definition.codec.create(data))), 1),
    when: Object.fromEntries(
      Array.from(trials, ([name, attempt]) => [name, (request?: unknown) => createOutcome(attempt(history, request))]),
    ) as unknown as Specification<S, A>["when"],
    state: () => history.state as S,
  };
}

/** Converts an event as a store returns it: from bytes. */
function toStored(definition: EventDefinition, data: unknown) {
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
    data: undefined,
    bytes: definition.codec.encode(data as never),
  };
}
