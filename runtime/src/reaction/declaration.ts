import type { CallOptions, Method } from "../cqrs/index.js";
import type { Engine, EventDefinition, MessageTypes } from "../message/index.js";
import type { EventMeta } from "../projection/index.js";

/** The options of a command that a handler sends. Correlation, causation and tenant are those of the event. */
export interface ReactionSendOptions extends Pick<CallOptions, "expectedVersion" | "metadata" | "user"> {
  /**
   * Names the command among those that the handler sends for this event, so that it keeps its id when others are added or left
   * out. At most 100 characters. Default: the number of the call, from 1.
   */
  readonly key?: string;
}

/** When a command that a handler schedules is to be sent. */
export interface ReactionScheduleOptions {
  /** The time at which it is due. */
  readonly at: Date;
  /** Names the command among those that the handler schedules for this event. Default: the number of the call, from 1. */
  readonly key?: string;
  /** The user of the command. */
  readonly user?: string;
  /** The metadata of the command. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What a handler receives in addition to the event. It ends with the handler. */
export interface ReactionContext {
  /** Position, stream, time and ids of the event. */
  readonly event: EventMeta;
  /** The tenant of the event; the empty string where there are no tenants. */
  readonly tenant: string;
  /** Aborts when the handler has run for longer than `timeout`, and when the app stops without waiting any longer. */
  readonly signal: AbortSignal;
  /**
   * Sends a command to the app and resolves with its response. Its id follows from reaction, event and key, so it takes effect
   * once, however often the handler runs: then the recorded response is returned. Therefore the request must follow from the
   * event: another one under the same id is rejected with `already_exists`.
   */
  send<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "command">,
    request: Req["init"] | Req["message"],
    options?: ReactionSendOptions,
  ): Promise<Res["message"]>;
  /**
   * Stores a command that is sent later, once, under an id that follows from reaction, event and key. Rejects with
   * `failed_precondition` unless the parts list the method in `scheduledCommands`. Resolves with its id, for `app.schedules`.
   */
  schedule<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "command">,
    request: Req["init"] | Req["message"],
    options: ReactionScheduleOptions,
  ): Promise<string>;
  /** Runs a query of the app in the tenant of the event. */
  query<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "query">,
    request: Req["init"] | Req["message"],
    options?: Pick<CallOptions, "metadata" | "user">,
  ): Promise<Res["message"]>;
  /** The id of a call to another system, such as its `Idempotency-Key`: the same whenever the handler runs for this event. */
  commandId(key: string): string;
}

/** Handles one event. It may run more than once for an event: after a crash, and after it has failed. */
export type ReactionHandler<M extends MessageTypes> = (
  event: M["message"],
  context: ReactionContext,
) => void | Promise<void>;

/** An event with its handler, as `handle` returns it. */
export interface AnyEventHandler {
  /** The event. */
  readonly event: EventDefinition;
  /** Its handler, whose message only `handle` knows. */
  readonly run: (event: never, context: ReactionContext) => void | Promise<void>;
}

/** Binds a handler to an event of the contract, for a reaction. */
export function handle<M extends MessageTypes>(event: EventDefinition<M>, run: ReactionHandler<M>): AnyEventHandler {
  return { event: event as unknown as EventDefinition, run };
}

/** How a reaction runs. */
export interface ReactionSettings {
  /**
   * Where it begins when it is deployed for the first time. `now` (default): with events that are recorded from then on.
   * `beginning`: with the first event of the log.
   */
  readonly from?: "beginning" | "now";
  /**
   * Into how many shards the streams are divided, so that several processes share the work. Default 1, at most 256. A reaction
   * keeps the number that it began with.
   */
  readonly shards?: number;
  /** How many events of different streams each shard handles at the same time. Default 16. */
  readonly concurrency?: number;
  /**
   * How often an event whose handler failed is retried automatically, after growing pauses. Default 5. Failures that are
   * temporary, such as `unavailable`, are retried until the handler succeeds; 0 turns off both.
   */
  readonly retries?: number;
  /** How long a handler may run, in milliseconds. After that it has failed. Default 30 000. */
  readonly timeout?: number;
  /**
   * What to do with an event whose type it handles and whose version no part of this app knows, as during a rolling
   * deployment. `dead-letter` (default): keep it as a dead letter. `fail`: wait until it is known. `skip`: ignore it, with a
   * warning in the log.
   */
  readonly unknownEvents?: "fail" | "dead-letter" | "skip";
}

/** Declares handlers that run once for each event: in order for the events of a stream, at the same time for others. */
export interface Reaction extends ReactionSettings {
  /**
   * Name of its checkpoint: letters, digits, `.`, `_` and `-`, at most 100. Commands get ids that contain it, so it never
   * changes; under another name it starts again from there.
   */
  readonly name: string;
  /** The handlers, at most one for each event. */
  readonly on: readonly AnyEventHandler[];
}

/** A declared reaction, for `createApp({ parts })`. */
export interface ReactionPart extends Reaction {
  /** Distinguishes the parts of an app. */
  readonly kind: "reaction";
  /** Runs it. */
  readonly engine: Engine<"reactions">;
}
