import { PotterError } from "../errors/index.js";
import { checkDefinition } from "./check-definition.js";
import type {
  Machine,
  MachineDefinition,
  MachineSnapshot,
  MachineTypes,
  StartStep,
  StateDefinition,
  Step,
  Transition,
  TransitionRow,
  Transitions,
} from "./machine.js";

/** A state with all its transitions as lists, those of `anyState` included. */
interface State<Types extends MachineTypes> {
  readonly final: boolean;
  readonly on: ReadonlyMap<string, readonly Transition<Types>[]>;
  readonly definition: StateDefinition<Types>;
}

/**
 * Defines a state machine, checked at once. The types come first, the definition in a call of its own:
 * `defineMachine<Door>()({ name: "door", … })`. Throws `invalid_argument` for a definition with a contradiction.
 */
export function defineMachine<Types extends MachineTypes>(): (definition: MachineDefinition<Types>) => Machine<Types> {
  return (definition) => {
    const names = Object.keys(definition.states) as Types["state"][];
    const anyState = toLists<Types>(definition.anyState);
    const states = new Map<string, State<Types>>(
      names.map((name) => {
        const state: StateDefinition<Types> = definition.states[name];
        const final = state.final === true;
        const own = toLists<Types>(state.on);
        return [name, { final, on: final ? own : new Map([...anyState, ...own]), definition: state }];
      }),
    );
    checkDefinition(definition, states);
    const find = (state: Types["state"]): State<Types> => {
      const found = states.get(state);
      if (found !== undefined) return found;
      const known = names.map((name) => `"${name}"`).join(", ");
      throw new PotterError(
        "failed_precondition",
        `machine "${definition.name}" has no state "${state}": expected ${known}`,
      );
    };
    const table = toTable(states);
    return {
      name: definition.name,
      initial: definition.initial,
      states: names,
      table,
      unreachable: findUnreachable(definition.initial, names, table),
      isFinal: (state) => find(state).final,
      eventsOf: (state) => [...find(state).on.keys()],
      start: (data) => start(definition.initial, find(definition.initial), data),
      next: (snapshot, event) => next(find, snapshot, event),
    };
  };
}

function start<Types extends MachineTypes>(
  state: Types["state"],
  { definition }: State<Types>,
  data: Types["data"],
): StartStep<Types> {
  return { snapshot: { state, data }, actions: definition.onEntry?.(data, undefined) ?? [] };
}

function next<Types extends MachineTypes>(
  find: (state: Types["state"]) => State<Types>,
  snapshot: MachineSnapshot<Types>,
  event: Types["event"],
): Step<Types> {
  const { state: from, data } = snapshot;
  const left = find(from);
  if (left.final) return { kind: "refused", reason: "final", from, event, snapshot };
  const candidates = left.on.get(event.type);
  if (candidates === undefined) return { kind: "refused", reason: "no_transition", from, event, snapshot };
  const taken = candidates.find(({ when }) => when === undefined || when(data, event));
  if (taken === undefined) return { kind: "refused", reason: "guard", from, event, snapshot };

  const after = taken.update === undefined ? data : taken.update(data, event);
  const own = taken.actions?.(after, event) ?? [];
  if (taken.to === undefined) {
    return { kind: "taken", from, to: from, event, snapshot: { state: from, data: after }, actions: own };
  }
  const exit = left.definition.onExit?.(data, event) ?? [];
  const entry = find(taken.to).definition.onEntry?.(after, event) ?? [];
  const actions = [...exit, ...own, ...entry];
  return { kind: "taken", from, to: taken.to, event, snapshot: { state: taken.to, data: after }, actions };
}

function toLists<Types extends MachineTypes>(
  transitions: Transitions<Types> | undefined,
): ReadonlyMap<string, readonly Transition<Types>[]> {
  type Given = string | Transition<Types> | readonly Transition<Types>[] | undefined;
  const lists = new Map<string, readonly Transition<Types>[]>();
  for (const [type, given] of Object.entries(transitions ?? {}) as [string, Given][]) {
    if (given === undefined) continue;
    if (typeof given === "string") lists.set(type, [{ to: given }]);
    else lists.set(type, Array.isArray(given) ? given : [given as Transition<Types>]);
  }
  return lists;
}

function toTable<Types extends MachineTypes>(
  states: ReadonlyMap<string, State<Types>>,
): readonly TransitionRow<Types>[] {
  return [...states].flatMap(([from, { on }]) =>
    [...on].flatMap(([event, transitions]) =>
      transitions.map(({ to, when, label }): TransitionRow<Types> => {
        const guard = when && { guard: label ?? (when.name === "" || when.name === "when" ? "guard" : when.name) };
        return { from, event, ...guard, to: to ?? from, internal: to === undefined };
      }),
    ),
  );
}

function findUnreachable<Types extends MachineTypes>(
  initial: Types["state"],
  states: readonly Types["state"][],
  table: readonly TransitionRow<Types>[],
): readonly Types["state"][] {
  const reached = new Set<string>([initial]);
  // A set also visits what is added to it meanwhile.
  for (const state of reached) {
    for (const { from, to } of table) if (from === state) reached.add(to);
  }
  return states.filter((state) => !reached.has(state));
}
