import type { AnyMethod, AnyService, ErrorDefinitions, Method } from "../../cqrs/index.js";
import type { Engine, EventDefinition } from "../../message/index.js";

/** The types of an aggregate, as the generator prints them for the compiler. */
export interface AggregateTypes {
  /** Each command by local name: `{ method, emits, failsWith, reply }`. */
  readonly commands: object;
  /** Each event by local name, without superseded versions. */
  readonly events: object;
  /** Each declared error by local name. */
  readonly errors: object;
  /** Each superseded event by local name: `{ from, to }`. */
  readonly upcasts: object;
  /** Whether the contract declares snapshots. */
  readonly snapshots: boolean;
  /** Set if the state is stored instead of the events. */
  readonly persistence?: "state";
}

/** The types of one command of an aggregate. */
export interface AggregateCommand {
  /** The method whose call is the command. */
  readonly method: Method;
  /** Local names of the events that it can record. */
  readonly emits: string;
  /** Local names of the errors that it can be rejected with. */
  readonly failsWith: string;
  /** Whether the response follows from request and id, or the decider writes it. */
  readonly reply: "derived" | "written";
}

/** One command of an aggregate, as the runtime uses it. */
export interface CommandDefinition {
  /** The method whose call is the command. */
  readonly method: AnyMethod;
  /** The id of the aggregate that a request addresses. Empty: a new id is generated. */
  id(request: unknown): string;
  /** true: must not exist yet; false: must exist; undefined: either. */
  readonly creates?: boolean;
  /** The response, if it follows from the request and the id of the aggregate. */
  respond?(request: unknown, id: string): unknown;
}

/** An aggregate, as the generator prints it. */
export interface AggregateDeclaration {
  /** Local name: `Order`. */
  readonly name: string;
  /** The name under which its streams are stored. */
  readonly type: string;
  /** Set if its state is stored instead of its events. */
  readonly persistence?: "state";
  /** Save a snapshot every so many events. */
  readonly snapshotEvery?: number;
  /** Save a snapshot when the last one, or the first event, is so many milliseconds old. */
  readonly snapshotAfter?: number;
  /** Save a snapshot when the events since the last one have so many bytes. */
  readonly snapshotSize?: number;
  /** The events that its commands emit, by local name, without superseded versions. */
  readonly events: { readonly [name: string]: EventDefinition };
  /** The errors that its commands declare, by local name. */
  readonly errors: ErrorDefinitions;
  /** A function, so that generated files can import each other in cycles. */
  readonly commands: () => { readonly [name: string]: CommandDefinition };
  /** The services that its commands are methods of. A function, for the same reason. */
  readonly services?: () => readonly AnyService[];
  /** Superseded events: stored ones are read as the event `to`, by the decider's `upcast`. */
  readonly upcasts?: { readonly [name: string]: { readonly from: EventDefinition; readonly to: string } };
}

/** An aggregate, as the runtime uses it. */
export interface AggregateDefinition extends AggregateDeclaration {
  /** Executes its commands. */
  readonly engine: Engine<"aggregates">;
}
