import type { Machine, MachineTypes, TransitionRow } from "./machine.js";

/** Options of `toMermaid`. */
export interface MermaidOptions<Types extends MachineTypes> {
  /** A state to highlight, such as the current one of an instance. */
  readonly current?: Types["state"];
}

/**
 * Draws a machine as a state diagram of Mermaid. Guards stand in brackets. The same machine always gives the same text.
 */
export function toMermaid<Types extends MachineTypes>(
  machine: Machine<Types>,
  { current }: MermaidOptions<Types> = {},
): string {
  // Names of states may be words of Mermaid, so states have ids of their own.
  const ids = new Map<string, string>(machine.states.map((state, index) => [state, `s${index}`]));
  const idOf = (state: Types["state"]): string => ids.get(state) as string;
  const lines = [
    "stateDiagram-v2",
    ...machine.states.map((state) => `  state "${escapeText(state)}" as ${idOf(state)}`),
    `  [*] --> ${idOf(machine.initial)}`,
    ...machine.table.map((row) => `  ${idOf(row.from)} --> ${idOf(row.to)}: ${labelOf(row)}`),
    ...machine.states.filter((state) => machine.isFinal(state)).map((state) => `  ${idOf(state)} --> [*]`),
  ];
  if (current !== undefined) {
    lines.push("  classDef current stroke-width:4px", `  class ${idOf(current)} current`);
  }
  return `${lines.join("\n")}\n`;
}

function labelOf<Types extends MachineTypes>({ event, guard }: TransitionRow<Types>): string {
  return guard === undefined ? escapeText(event) : `${escapeText(event)} [${escapeText(guard)}]`;
}

/** Replaces what Mermaid would read as syntax by its numeric entities. It reads `direction LR` as syntax in labels, too. */
function escapeText(text: string): string {
  return text.replaceAll(/^ | $|(?<=direction) |[^\p{L}\p{N} _.]/giu, (character) => `#${character.codePointAt(0)};`);
}
