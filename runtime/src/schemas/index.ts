// Declarations of events: stored, compared with the current contract, and used to describe old payloads.
export { describeEvent } from "./describe-event.js";
export { type KnownEvents, registerEvents } from "./register.js";
