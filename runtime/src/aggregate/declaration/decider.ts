import type { CallContext, Method, Rejection, Rejections } from "../../cqrs/index.js";
import type { EventDefinition, MessageTypes } from "../../message/index.js";
import type { AggregateDefinition, AggregateTypes } from "./aggregate.js";

/** An event that a decider returns, not recorded yet. */
export interface NewEvent<Name = string, Data = unknown> {
  /** Distinguishes events from rejections. */
  readonly kind: "event";
  /** Local name of the event: `OrderPlaced`. */
  readonly name: Name;
  /** The message of the event. */
  readonly data: Data;
  /** The stored type of the event and the codec of its message. */
  readonly definition: EventDefinition;
}

/** The third argument of `decide`: the same at every try of a command. */
export interface DecideContext extends CallContext {
  /** Id of the aggregate. */
  readonly id: string;
  /** Number of events in its stream. */
  readonly version: number;
  /** The time of the command. */
  now(): Date;
  /** The time of the command, to set a google.protobuf.Timestamp of protobuf-es. */
  timestamp(): { seconds: bigint; nanos: number };
  /** A new unique id: a UUID of version 7. */
  newId(): string;
}

/** The message of a pair of types. */
export type MessageOf<T> = T extends MessageTypes ? T["message"] : never;

/** The type of one property of the types of a command or of a superseded event. */
export type PropertyOf<T, K extends PropertyKey> = T extends { readonly [P in K]: infer V } ? V : never;

/** The request message of a command. */
export type CommandRequest<C> =
  PropertyOf<C, "method"> extends Method<infer Q, infer _Res, infer _S> ? Q["message"] : never;

/** What a command may return as its response: the message, or the value that one is created from. */
export type CommandResponse<C> =
  PropertyOf<C, "method"> extends Method<infer _Req, infer R, infer _S> ? R["init"] | R["message"] : never;

/** An event that a command declares in `emits`. */
export type EmittedEvent<A extends AggregateTypes, C> = {
  [K in keyof A["events"]]: K extends PropertyOf<C, "emits"> ? NewEvent<K, MessageOf<A["events"][K]>> : never;
}[keyof A["events"]];

/** The result of `decide`: an event, several, none, or a declared error. */
export type Decision<A extends AggregateTypes, C> =
  | EmittedEvent<A, C>
  | readonly EmittedEvent<A, C>[]
  | ([PropertyOf<C, "failsWith">] extends [never] ? never : Rejection<PropertyOf<C, "failsWith">>);

/** The functions that write the responses of commands: `Kind` is `written` where one is required. */
export type ReplyFunctions<S, A extends AggregateTypes, Kind> = {
  readonly [K in keyof A["commands"] as PropertyOf<A["commands"][K], "reply"> extends Kind ? K : never]: (
    state: S,
    command: CommandRequest<A["commands"][K]>,
    ctx: DecideContext,
  ) => CommandResponse<A["commands"][K]>;
};

/** A property of a decider, required where `Needed` is true and optional otherwise. */
export type DeciderSlot<Name extends string, Value, Needed> = Needed extends true
  ? { readonly [N in Name]: Value }
  : { readonly [N in Name]?: Value };

/** Encodes states as bytes: for snapshots, or for an aggregate that stores its state. */
export interface SnapshotCodec<S> {
  /**
   * Increase it when the shape of the state changes. Snapshots of other versions are ignored; stored states are converted by
   * `migrate`. Starts at 1.
   */
  readonly version: number;
  /** Encodes a state. */
  encode(state: S): Uint8Array;
  /** Decodes a state that `encode` of the same version has encoded. */
  decode(bytes: Uint8Array): S;
}

/** The behaviour of an aggregate: pure functions in typed slots. A missing one does not compile. */
export type Decider<S, A extends AggregateTypes> = {
  /** The state before the first event. */
  initial(): S;
  /** Decides each command. Pure: time, ids and randomness come from `ctx`. */
  readonly decide: {
    readonly [K in keyof A["commands"]]: (
      state: NoInfer<S>,
      command: CommandRequest<A["commands"][K]>,
      ctx: DecideContext,
    ) => Decision<A, A["commands"][K]>;
  };
  /** Computes the state after each event. Pure and total: a recorded event cannot be refused. */
  readonly evolve: {
    readonly [K in keyof A["events"]]: (state: NoInfer<S>, event: MessageOf<A["events"][K]>) => NoInfer<S>;
  };
} & DeciderSlot<
  "reply",
  ReplyFunctions<NoInfer<S>, A, "written"> & Partial<ReplyFunctions<NoInfer<S>, A, "derived">>,
  [keyof ReplyFunctions<S, A, "written">] extends [never] ? false : true
> &
  DeciderSlot<
    "upcast",
    {
      readonly [K in keyof A["upcasts"]]: (
        event: MessageOf<PropertyOf<A["upcasts"][K], "from">>,
      ) => PropertyOf<A["upcasts"][K], "to"> extends MessageTypes ? PropertyOf<A["upcasts"][K], "to">["init"] : never;
    },
    [keyof A["upcasts"]] extends [never] ? false : true
  > &
  DeciderSlot<
    "snapshot",
    SnapshotCodec<NoInfer<S>>,
    A extends { readonly persistence: "state" } ? true : A["snapshots"]
  > &
  (A extends { readonly persistence: "state" }
    ? { readonly migrate?: Migrate<NoInfer<S>> }
    : { readonly migrate?: never }) & {
    readonly unique?: Unique<NoInfer<S>>;
  };

/**
 * Values that only one aggregate of its kind and tenant may hold, by the name of their index. undefined: it holds none.
 * A command that would assign a value of another aggregate is refused with `already_exists`.
 */
export interface Unique<S> {
  /** Reads the value that an aggregate holds in this index from its state. */
  readonly [index: string]: UniqueValue<S> | PersonalUniqueValue<S>;
}

/** Reads a unique value from a state. */
export type UniqueValue<S> = (state: S) => string | undefined;

/** A unique value that is personal data of a subject named by events. */
export interface PersonalUniqueValue<S> {
  /** The value that the aggregate holds; undefined: none. */
  value(state: S): string | undefined;
  /** The subject, as `(potter.v1.field).subject` names it: when it is erased, the value is released. */
  subject(state: S): string | undefined;
}

/** Converts a state that was stored by an older version of the decider's `snapshot`. */
export type Migrate<S> = (stored: Uint8Array, version: number) => S;

/** An aggregate with its behaviour, for `createApp({ parts })` and `specify`. */
export interface DeciderPart<S = unknown, A extends AggregateTypes = AggregateTypes> {
  /** Distinguishes the parts of an app. */
  readonly kind: "decider";
  /** The aggregate, as the contract declares it. */
  readonly aggregate: AggregateDefinition;
  /** Its behaviour. */
  readonly decider: Decider<S, A>;
}

/** Any aggregate with its behaviour, without its types. */
export interface AnyDeciderPart {
  /** Distinguishes the parts of an app. */
  readonly kind: "decider";
  /** The aggregate, as the contract declares it. */
  readonly aggregate: AggregateDefinition;
  /** Its behaviour. */
  readonly decider: {
    initial(): unknown;
    readonly decide: object;
    readonly evolve: object;
    readonly reply?: object;
    readonly upcast?: object;
    readonly snapshot?: object;
    readonly migrate?: unknown;
    readonly unique?: object;
  };
}

/** An aggregate of the contract: creates its events and errors, and declares its behaviour. */
export interface Aggregate<A extends AggregateTypes> {
  /** The aggregate as data, for the runtime. */
  readonly definition: AggregateDefinition;
  /** Creates an event, for `decide` to return. */
  readonly event: {
    readonly [K in keyof A["events"]]: A["events"][K] extends MessageTypes
      ? (data?: A["events"][K]["init"]) => NewEvent<K, A["events"][K]["message"]>
      : never;
  };
  /** Creates a declared error, for `decide` to return. */
  readonly reject: Rejections<A["errors"]>;
  /** Declares its behaviour. */
  decider<S>(decider: Decider<S, A>): DeciderPart<S, A>;
}
