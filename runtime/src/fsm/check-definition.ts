import { PotterError } from "../errors/index.js";
import type { MachineDefinition, MachineTypes, Transition } from "./machine.js";

/** Throws `invalid_argument` for what types cannot express, and for what callers without types may pass. */
export function checkDefinition<Types extends MachineTypes>(
  { name, initial, states, anyState }: MachineDefinition<Types>,
  byState: ReadonlyMap<
    string,
    { readonly final: boolean; readonly on: ReadonlyMap<string, readonly Transition<Types>[]> }
  >,
): void {
  const fail = (message: string): never => {
    throw new PotterError("invalid_argument", `machine "${name}": ${message}`);
  };
  const exists = (state: string): boolean => Object.hasOwn(states, state);
  if (!exists(initial)) fail(`the initial state "${initial}" is not one of its states`);
  for (const [state, { final, on }] of byState) {
    if (final && on.size > 0) fail(`the state "${state}" is final, but has transitions`);
    for (const [event, transitions] of on) {
      const of = `the transition of "${state}" on "${event}"`;
      if (transitions.length === 0) fail(`${of} is an empty list`);
      for (const [index, { to, when }] of transitions.entries()) {
        if (to !== undefined && !exists(to)) fail(`${of} leads to "${to}", which is not one of its states`);
        if (when === undefined && index < transitions.length - 1) {
          fail(`${of} has transitions after one without a guard; they are never taken`);
        }
      }
    }
  }
  if (anyState !== undefined && [...byState.values()].every(({ final }) => final)) {
    fail("all states are final, so `anyState` has no effect");
  }
}
