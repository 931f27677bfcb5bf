/** An event of a machine. Its `type` selects the transition; further members are its payload. */
export interface MachineEvent {
  /** The name of the event. */
  readonly type: string;
}

/** The types of a machine: a type parameter that names them, never a value. */
export interface MachineTypes {
  /** The names of the states, a union of string literals. */
  readonly state: string;
  /** The events that the machine accepts, a union distinguished by `type`. */
  readonly event: MachineEvent;
  /** What the machine remembers besides its state. Treated as immutable. */
  readonly data?: unknown;
  /** What transitions ask the caller to do, as data. */
  readonly action?: unknown;
}

/** The state of a machine, as plain data: store it and continue with `next`. */
export interface MachineSnapshot<Types extends MachineTypes> {
  /** The name of the state. */
  readonly state: Types["state"];
  /** What the machine remembers. */
  readonly data: Types["data"];
}

/** The event of a machine with the given type. */
export type EventOf<Types extends MachineTypes, Type extends string> = Extract<Types["event"], { readonly type: Type }>;

/** The actions of a transition, computed from the data and the event. Pure: it performs nothing. */
export type Actions<Types extends MachineTypes, Event> = (
  data: Types["data"],
  event: Event,
) => readonly Types["action"][];

/** One way out of a state. */
export interface Transition<Types extends MachineTypes, Event = Types["event"]> {
  /** The next state. The same state is left and entered again. Omitted: the state stays, without exit and entry. */
  readonly to?: Types["state"];
  /** Whether the transition is taken. Omitted: it is. Pure. */
  readonly when?: (data: Types["data"], event: Event) => boolean;
  /** Returns the next data. Omitted: it stays. Pure: it changes nothing in place. */
  readonly update?: (data: Types["data"], event: Event) => Types["data"];
  /** Actions of this transition; they receive the next data. */
  readonly actions?: Actions<Types, Event>;
  /** The name of the guard in tables and diagrams. Default: the name of the function `when`. */
  readonly label?: string;
}

/**
 * The ways out of a state, by the type of the event: the next state, one transition, or several, of which the first
 * whose guard holds is taken.
 */
export type Transitions<Types extends MachineTypes> = {
  readonly [Type in Types["event"]["type"]]?:
    | Types["state"]
    | Transition<Types, EventOf<Types, Type>>
    | readonly Transition<Types, EventOf<Types, Type>>[];
};

/** A state of a machine. */
export interface StateDefinition<Types extends MachineTypes> {
  /** Its transitions. An event without one is refused, unless `anyState` has one. */
  readonly on?: Transitions<Types>;
  /** Actions whenever the state is entered, after those of the transition. `event` is undefined at the start. */
  readonly onEntry?: Actions<Types, Types["event"] | undefined>;
  /** Actions whenever the state is left, before those of the transition. They receive the data as it was. */
  readonly onExit?: Actions<Types, Types["event"]>;
  /** The machine has ended: it refuses every event, also those of `anyState`. */
  readonly final?: boolean;
}

/** What `defineMachine` receives. */
export interface MachineDefinition<Types extends MachineTypes> {
  /** The name, for errors and diagrams. */
  readonly name: string;
  /** The state in which a machine starts. */
  readonly initial: Types["state"];
  /** All states. */
  readonly states: { readonly [State in Types["state"]]: StateDefinition<Types> };
  /** Transitions of every state that has none for the event and is not final, such as a cancellation. */
  readonly anyState?: Transitions<Types>;
}

/** Why an event was refused. */
export type Refusal =
  /** The state has no transition for the event. */
  | "no_transition"
  /** No guard of its transitions held. */
  | "guard"
  /** The state is final. */
  | "final";

/** A transition was taken. */
export interface TakenStep<Types extends MachineTypes> {
  /** Distinguishes it from a refusal. */
  readonly kind: "taken";
  /** The state before. */
  readonly from: Types["state"];
  /** The state after; the same as `from` if it stayed. */
  readonly to: Types["state"];
  /** The event. */
  readonly event: Types["event"];
  /** The machine after the event. */
  readonly snapshot: MachineSnapshot<Types>;
  /** What is to be done: actions of exit, of the transition, of entry, in this order. */
  readonly actions: readonly Types["action"][];
}

/** The event was refused: nothing changed. */
export interface RefusedStep<Types extends MachineTypes> {
  /** Distinguishes it from a transition. */
  readonly kind: "refused";
  /** Why. */
  readonly reason: Refusal;
  /** The state, which stays. */
  readonly from: Types["state"];
  /** The event. */
  readonly event: Types["event"];
  /** The machine, unchanged: the same object as before. */
  readonly snapshot: MachineSnapshot<Types>;
}

/** What an event led to. */
export type Step<Types extends MachineTypes> = TakenStep<Types> | RefusedStep<Types>;

/** The machine at its start. */
export interface StartStep<Types extends MachineTypes> {
  /** The machine in its initial state. */
  readonly snapshot: MachineSnapshot<Types>;
  /** Entry actions of the initial state. */
  readonly actions: readonly Types["action"][];
}

/** A row of the transition table. */
export interface TransitionRow<Types extends MachineTypes> {
  /** The state that is left. */
  readonly from: Types["state"];
  /** The type of the event. */
  readonly event: Types["event"]["type"];
  /** The name of the guard; absent: always taken. A guard without a name is `guard`. */
  readonly guard?: string;
  /** The next state. */
  readonly to: Types["state"];
  /** Whether the state stays, without actions of exit and entry. */
  readonly internal: boolean;
}

/** A state machine. It holds no state itself: any number of snapshots may use it. */
export interface Machine<Types extends MachineTypes> {
  /** The name. */
  readonly name: string;
  /** The state in which it starts. */
  readonly initial: Types["state"];
  /** All states, in the order of their definition. */
  readonly states: readonly Types["state"][];
  /** All transitions as data, those of `anyState` once for each state; in the order of their definition. */
  readonly table: readonly TransitionRow<Types>[];
  /** States that no path of transitions leads to from the initial one. Stored snapshots may still be in them. */
  readonly unreachable: readonly Types["state"][];
  /** Whether a state is final. */
  isFinal(state: Types["state"]): boolean;
  /** Returns the machine at its start. */
  start(data: Types["data"]): StartStep<Types>;
  /**
   * Returns what an event leads to. Pure: it neither performs actions nor changes the snapshot. An error that a guard,
   * an update or an action function throws is passed on. Throws `failed_precondition` for a state that the machine
   * does not have, such as one that an earlier release stored.
   */
  next(snapshot: MachineSnapshot<Types>, event: Types["event"]): Step<Types>;
  /** The types of events that the state has a transition for, whether its guards hold or not. */
  eventsOf(state: Types["state"]): readonly Types["event"]["type"][];
}
