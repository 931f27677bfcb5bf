// Mermaid reads every diagram of a state machine, and finds the states and transitions of the machine in it.
import { defineMachine, type MachineDefinition, toMermaid } from "@potter/runtime/fsm";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readStateDiagram } from "./mermaid.js";

interface Named {
  state: string;
  event: { type: string };
}

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }),
  fc.constantFrom(
    ...[
      "state",
      "end",
      "note",
      "note left of s0",
      "[*]",
      "-->",
      "a:b",
      "%% x",
      "<<fork>>",
      "{",
      '"',
      "#1;",
      "😀",
      "--",
    ],
    ...[
      "direction LR",
      "x direction tb",
      "class s0 x",
      "classDef x y",
      "click s0",
      "hide empty description",
      "style s0",
    ],
    ...["scale 350 width", "accTitle: x", "accDescr: y", "as", "title", "end note", "state x as y", "stateDiagram-v2"],
  ),
);

const machines = fc.uniqueArray(name, { minLength: 1, maxLength: 5 }).chain((states) =>
  fc.record({
    states: fc.constant(states),
    transitions: fc.array(
      fc.record({ from: fc.nat(states.length - 1), to: fc.nat(states.length - 1), event: name, guard: name }),
      { maxLength: 6 },
    ),
  }),
);

it("shows the states, events and guards of any machine", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(machines, async ({ states, transitions }) => {
      const definition: MachineDefinition<Named> = {
        name: "drawn",
        initial: states[0] as string,
        states: Object.fromEntries(
          states.map((state, index) => [
            state,
            {
              on: Object.fromEntries(
                transitions
                  .filter(({ from }) => from === index)
                  .map(({ event, to, guard }) => [event, { to: states[to] as string, when: () => true, label: guard }]),
              ),
            },
          ]),
        ),
      };
      const machine = defineMachine<Named>()(definition);
      const current = machine.states.at(-1) as string;
      const read = await readStateDiagram(toMermaid(machine, { current }));
      const labels = new Map(read.states.map(({ id, label }) => [id, label]));
      expect([...labels.values()]).toEqual(machine.states);
      expect(read.states.filter(({ classes }) => classes.includes("current")).map(({ label }) => label)).toEqual([
        current,
      ]);
      expect(
        read.transitions
          .filter(({ from, to }) => labels.has(from) && labels.has(to))
          .map(({ from, to, label }) => [labels.get(from), labels.get(to), label]),
      ).toEqual(machine.table.map(({ from, to, event, guard }) => [from, to, `${event} [${guard}]`]));
    }),
    { numRuns: 100 },
  );
});

it("is refused by Mermaid if its syntax is broken", async () => {
  await expect(readStateDiagram("stateDiagram-v2\n  a --> --> b\n")).rejects.toThrow();
});
