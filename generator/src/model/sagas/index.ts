// Sagas and their steps: built from the options of their messages, with all names resolved.
export { buildSagas } from "./build-sagas.js";
export type * from "./saga-model.js";
