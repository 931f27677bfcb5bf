import type { Engine } from "../message/index.js";

/** Runs sagas. */
export const sagas: Engine<"sagas"> = { name: "sagas" };
