// How events were declared: remembered in the store, compared with what is declared now, and used to show old payloads.
export { describeEvent } from "./describe-event.js";
export { type KnownEvents, registerEvents } from "./register.js";
