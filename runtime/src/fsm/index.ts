// State machines: pure, typed, without dependencies on the rest of the runtime.
export { defineMachine } from "./define-machine.js";
export type {
  Actions,
  EventOf,
  Machine,
  MachineDefinition,
  MachineEvent,
  MachineSnapshot,
  MachineTypes,
  Refusal,
  RefusedStep,
  StartStep,
  StateDefinition,
  Step,
  TakenStep,
  Transition,
  TransitionRow,
  Transitions,
} from "./machine.js";
export { type HistoryEntry, type RunningMachine, type RunOptions, runMachine } from "./run-machine.js";
export { type MermaidOptions, toMermaid } from "./to-mermaid.js";
