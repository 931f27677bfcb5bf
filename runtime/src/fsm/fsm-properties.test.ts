// Random machines and random events, against a reading of the definition that is written independently.
import fc from "fast-check";
import { expect, it } from "vitest";
import { defineMachine, type MachineDefinition, type MachineSnapshot, runMachine } from "./index.js";

interface Counting {
  state: string;
  event: { type: string; n: number };
  data: { readonly sum: number };
  action: string;
}

/** A transition as data: taken if `n % modulus === 0`; 1: always. */
interface Choice {
  readonly to: number | undefined;
  readonly modulus: number;
}

const events = ["a", "b", "c", "constructor"];
const states = ["s0", "s1", "s2", "s3", "__proto"];

const choices = fc
  .array(
    fc.record({
      to: fc.option(fc.nat(states.length - 1), { nil: undefined }),
      modulus: fc.integer({ min: 2, max: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .chain((list) =>
    // Only the last one may have no guard.
    fc
      .boolean()
      .map((open): readonly Choice[] => list.map((c, i) => (open && i === list.length - 1 ? { ...c, modulus: 1 } : c))),
  );
const transitions = fc.dictionary(fc.constantFrom(...events), choices, { noNullPrototype: true });
const machines = fc.record({
  states: fc.array(fc.record({ final: fc.boolean(), on: transitions }), {
    minLength: states.length,
    maxLength: states.length,
  }),
  anyState: transitions,
});
const inputs = fc.array(fc.record({ type: fc.constantFrom(...events), n: fc.nat(12) }), { maxLength: 30 });
type Drawn = typeof machines extends fc.Arbitrary<infer T> ? T : never;

function toDefinition(drawn: Drawn): MachineDefinition<Counting> {
  const toList = (list: readonly Choice[], from: string) =>
    list.map(({ to, modulus }) => ({
      ...(to !== undefined && { to: states[to] as string }),
      ...(modulus > 1 && { when: (_: Counting["data"], { n }: Counting["event"]) => n % modulus === 0 }),
      update: ({ sum }: Counting["data"], { n }: Counting["event"]) => ({ sum: sum + n }),
      actions: ({ sum }: Counting["data"]) => [`${from} ${sum}`],
    }));
  const toOn = (on: Drawn["anyState"], from: string) =>
    Object.fromEntries(Object.entries(on).map(([event, list]) => [event, toList(list, from)]));
  return {
    name: "drawn",
    initial: "s0",
    states: Object.fromEntries(
      drawn.states.map(({ final, on }, i) => [
        states[i] as string,
        {
          ...(final && i > 0 ? { final } : { on: toOn(on, "own") }),
          onEntry: ({ sum }: Counting["data"]) => [`enter ${i} ${sum}`],
          onExit: ({ sum }: Counting["data"]) => [`leave ${i} ${sum}`],
        },
      ]),
    ),
    anyState: toOn(drawn.anyState, "any"),
  };
}

/** Follows the drawn data, not the definition. */
function expected(drawn: Drawn, input: readonly Counting["event"][]) {
  let state = 0;
  let sum = 0;
  const actions: string[] = [`enter 0 0`];
  let refused = 0;
  for (const { type, n } of input) {
    const current = drawn.states[state] as Drawn["states"][number];
    const final = current.final && state > 0;
    const own = Object.hasOwn(current.on, type) ? current.on[type] : undefined;
    const any = Object.hasOwn(drawn.anyState, type) ? drawn.anyState[type] : undefined;
    const taken = final ? undefined : (own ?? any)?.find(({ modulus }) => n % modulus === 0);
    if (taken === undefined) {
      refused++;
      continue;
    }
    const before = sum;
    sum += n;
    if (taken.to !== undefined) actions.push(`leave ${state} ${before}`);
    actions.push(`${own === undefined ? "any" : "own"} ${sum}`);
    if (taken.to !== undefined) {
      state = taken.to;
      actions.push(`enter ${state} ${sum}`);
    }
  }
  return { state: states[state], sum, actions, refused };
}

it("follows every definition, changes no snapshot, and continues from stored snapshots", () => {
  fc.assert(
    fc.property(machines, inputs, fc.nat(30), (drawn, input, cut) => {
      const machine = defineMachine<Counting>()(toDefinition(drawn));
      const { snapshot, actions } = machine.start({ sum: 0 });
      let current: MachineSnapshot<Counting> = snapshot;
      const all: string[] = [...actions];
      let refused = 0;
      for (const [i, event] of input.entries()) {
        // A snapshot is plain data: it survives storing.
        if (i === cut) current = JSON.parse(JSON.stringify(current)) as typeof current;
        Object.freeze(current);
        Object.freeze(current.data);
        const step = machine.next(current, event);
        expect(machine.next(current, event)).toEqual(step);
        if (step.kind === "taken") {
          all.push(...step.actions);
          const row = { from: step.from, event: event.type, to: step.to };
          expect(machine.table).toContainEqual(expect.objectContaining(row));
          expect(machine.unreachable).not.toContain(step.to);
        } else refused++;
        current = step.snapshot;
      }
      expect({ state: current.state, sum: current.data.sum, actions: all, refused }).toEqual(expected(drawn, input));

      const performed: string[] = [];
      const running = runMachine(machine, { sum: 0 }, { perform: (action) => performed.push(action) });
      for (const event of input) running.send(event);
      expect(running.snapshot).toEqual(current);
      expect(performed).toEqual(all);
    }),
    { numRuns: 300 },
  );
});
