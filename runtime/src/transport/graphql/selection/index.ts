// Which fields of a type an operation selects. Both forms of execution begin with it.
export { collectFields, type SelectionOptions } from "./collect-fields.js";
export { findField } from "./find-field.js";
