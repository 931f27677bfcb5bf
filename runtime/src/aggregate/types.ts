import type {
  AnyMethod,
  AnyService,
  CallContext,
  ErrorDefinitions,
  Method,
  Rejection,
  Rejections,
} from "../cqrs/index.js";
import type { EventDefinition, MessageTypes } from "../message/index.js";

/** What the generator says of an aggregate to the compiler. */
export interface AggregateTypes {
  /** Each command by local name: `{ method, emits, failsWith, reply }`. */
  readonly commands: object;
  /** Each event by local name; superseded versions apart. */
  readonly events: object;
  /** Each declared error by local name. */
  readonly errors: object;
  /** Each superseded event by local name: `{ from, to }`. */
  readonly upcasts: object;
  /** Whether the contract asks for snapshots. */
  readonly snapshots: boolean;
  /** Where the state is stored, and not the events. */
  readonly persistence?: "state";
}

/** What the generator says of one command of an aggregate. */
export interface AggregateCommand {
  readonly method: Method;
  /** Local names of the events that it can record. */
  readonly emits: string;
  /** Local names of the errors that it can answer with. */
  readonly failsWith: string;
  /** Whether the answer follows from request and id, or the decider writes it. */
  readonly reply: "derived" | "written";
}

/** An event that a decider has decided on, not recorded yet. */
export interface NewEvent<Name = string, Data = unknown> {
  readonly kind: "event";
  readonly name: Name;
  readonly data: Data;
  readonly definition: EventDefinition;
}

/** What `decide` may use besides state and command: it is the same at every try of one command. */
export interface DecideContext extends CallContext {
  /** Id of the aggregate. */
  readonly id: string;
  /** Events in its stream so far. */
  readonly version: number;
  /** The time of the command. */
  now(): Date;
  /** The time of the command, to set a google.protobuf.Timestamp of protobuf-es. */
  timestamp(): { seconds: bigint; nanos: number };
  /** A new unique id: a UUID of version 7. */
  newId(): string;
}

type Message<T> = T extends MessageTypes ? T["message"] : never;
type Field<T, K extends PropertyKey> = T extends { readonly [P in K]: infer V } ? V : never;
type Request<C> = Field<C, "method"> extends Method<infer Q, infer _Res, infer _S> ? Q["message"] : never;
type Response<C> = Field<C, "method"> extends Method<infer _Req, infer R, infer _S> ? R["init"] | R["message"] : never;

/** An event that a command declares in `emits`. */
export type EmittedEvent<A extends AggregateTypes, C> = {
  [K in keyof A["events"]]: K extends Field<C, "emits"> ? NewEvent<K, Message<A["events"][K]>> : never;
}[keyof A["events"]];

/** What a command may lead to: an event, several, none, or a declared error. */
export type Decision<A extends AggregateTypes, C> =
  | EmittedEvent<A, C>
  | readonly EmittedEvent<A, C>[]
  | ([Field<C, "failsWith">] extends [never] ? never : Rejection<Field<C, "failsWith">>);

type Replies<S, A extends AggregateTypes, Kind> = {
  readonly [K in keyof A["commands"] as Field<A["commands"][K], "reply"> extends Kind ? K : never]: (
    state: S,
    command: Request<A["commands"][K]>,
    ctx: DecideContext,
  ) => Response<A["commands"][K]>;
};

type Slot<Name extends string, Value, Needed> = Needed extends true
  ? { readonly [N in Name]: Value }
  : { readonly [N in Name]?: Value };

type None<T> = [keyof T] extends [never] ? true : false;
type Not<B> = B extends true ? false : true;

/** How a state is kept in bytes: in a snapshot, or where the aggregate stores its state. */
export interface SnapshotCodec<S> {
  /**
   * Raise it when the shape of the state changes. Snapshots of other versions are ignored; stored states are converted
   * by `migrate`. From 1.
   */
  readonly version: number;
  encode(state: S): Uint8Array;
  decode(bytes: Uint8Array): S;
}

/** The behaviour of an aggregate: pure functions in typed slots, none of which can be forgotten. */
export type Decider<S, A extends AggregateTypes> = {
  /** The state before the first event. */
  initial(): S;
  /** What each command leads to. Pure: time, ids and randomness come from `ctx`. */
  readonly decide: {
    readonly [K in keyof A["commands"]]: (
      state: NoInfer<S>,
      command: Request<A["commands"][K]>,
      ctx: DecideContext,
    ) => Decision<A, A["commands"][K]>;
  };
  /** The state after each event. Pure and total: an event that was recorded cannot be refused. */
  readonly evolve: {
    readonly [K in keyof A["events"]]: (state: NoInfer<S>, event: Message<A["events"][K]>) => NoInfer<S>;
  };
} & Slot<
  "reply",
  Replies<NoInfer<S>, A, "written"> & Partial<Replies<NoInfer<S>, A, "derived">>,
  Not<None<Replies<S, A, "written">>>
> &
  Slot<
    "upcast",
    {
      readonly [K in keyof A["upcasts"]]: (
        event: Message<Field<A["upcasts"][K], "from">>,
      ) => Field<A["upcasts"][K], "to"> extends MessageTypes ? Field<A["upcasts"][K], "to">["init"] : never;
    },
    Not<None<A["upcasts"]>>
  > &
  Slot<"snapshot", SnapshotCodec<NoInfer<S>>, A extends StateStored ? true : A["snapshots"]> &
  (A extends StateStored ? { readonly migrate?: Migrate<NoInfer<S>> } : { readonly migrate?: never }) & {
    readonly unique?: Unique<NoInfer<S>>;
  };

/**
 * Values that only one aggregate of its kind and tenant may have, by the name of their index. undefined: it has none.
 * A command that would give it a value of another is refused with `already_exists`.
 */
export interface Unique<S> {
  readonly [index: string]: UniqueValue<S> | PersonalUniqueValue<S>;
}

/** Reads a unique value from a state. */
export type UniqueValue<S> = (state: S) => string | undefined;

/** A unique value that is personal data of a subject which events name. */
export interface PersonalUniqueValue<S> {
  value(state: S): string | undefined;
  /** The subject, as `(potter.v1.field).subject` names it: when it is erased, the value is released. */
  subject(state: S): string | undefined;
}

interface StateStored {
  readonly persistence: "state";
}

/** Makes a state of today from one that was stored by an older version of the decider's `snapshot`. */
export type Migrate<S> = (stored: Uint8Array, version: number) => S;

/** An aggregate with its behaviour, as it goes into `createApp({ parts })` and into `specify`. */
export interface DeciderPart<S = unknown, A extends AggregateTypes = AggregateTypes> {
  readonly kind: "decider";
  readonly aggregate: AggregateDefinition;
  readonly decider: Decider<S, A>;
}

/** Any aggregate with its behaviour, as engines see it. */
export interface AnyDeciderPart {
  readonly kind: "decider";
  readonly aggregate: AggregateDefinition;
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

/** One command of an aggregate, as the engine sees it. */
export interface CommandDefinition {
  readonly method: AnyMethod;
  /** The id of the aggregate that a request addresses; empty: a new id is made up. */
  id(request: unknown): string;
  /** true: must not exist yet; false: must exist; undefined: either. */
  readonly creates?: boolean;
  /** The answer, where it follows from the request and the id of the aggregate. */
  respond?(request: unknown, id: string): unknown;
}

/** An aggregate, as the generator prints it and the engine sees it. */
export interface AggregateDefinition {
  /** Local name: `Order`. */
  readonly name: string;
  /** The name under which its streams are stored. */
  readonly type: string;
  /** Where its state is stored, and not its events. */
  readonly persistence?: "state";
  /** Keep a snapshot every so many events. */
  readonly snapshotEvery?: number;
  /** Keep a snapshot when the last one, or the first event, is so many milliseconds old. */
  readonly snapshotAfter?: number;
  /** Keep a snapshot when the events since the last one have so many bytes. */
  readonly snapshotSize?: number;
  readonly events: { readonly [name: string]: EventDefinition };
  readonly errors: ErrorDefinitions;
  /** A function, so that generated files may refer to one another in circles. */
  readonly commands: () => { readonly [name: string]: CommandDefinition };
  /** The services that its commands are methods of. A function, for the same reason. */
  readonly services?: () => readonly AnyService[];
  /** Superseded events: stored ones are read as the event `to`, by the decider's `upcast`. */
  readonly upcasts?: { readonly [name: string]: { readonly from: EventDefinition; readonly to: string } };
}

/** An aggregate of the contract: makes its events and errors, and declares its behaviour. */
export interface Aggregate<A extends AggregateTypes> {
  readonly definition: AggregateDefinition;
  /** Makes an event, to be returned by `decide`. */
  readonly event: {
    readonly [K in keyof A["events"]]: A["events"][K] extends MessageTypes
      ? (data?: A["events"][K]["init"]) => NewEvent<K, A["events"][K]["message"]>
      : never;
  };
  /** Makes a declared error, to be returned by `decide`. */
  readonly reject: Rejections<A["errors"]>;
  /** Declares its behaviour. */
  decider<S>(decider: Decider<S, A>): DeciderPart<S, A>;
}
