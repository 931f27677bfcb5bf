// Waits for what calls lead to: position tokens, and the read models and events that clients may wait for. Knows no transport.
export { type WaitAnswer, waitStates, waitsFile } from "./messages.js";
export { PositionTokens } from "./position-tokens.js";
export { Reach } from "./reach.js";
export { createResume } from "./resume.js";
export { type AwaitedProjection, ExposedTargets } from "./targets.js";
export { waitMethod } from "./wait-method.js";
export { Waits } from "./waits.js";
