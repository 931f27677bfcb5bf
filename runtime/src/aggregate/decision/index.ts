// What a command leads to on a known state. Pure: reads no store and waits for nothing.
export { type Behaviour, createBehaviour } from "./behaviour.js";
export { CommandDecision, type Decided, type Loaded } from "./command-decision.js";
export { DefaultDecideContext } from "./decide-context.js";
export { planUniqueValues, valueTaken } from "./unique-index.js";
