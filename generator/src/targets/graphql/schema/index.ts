// The schema as a whole: root fields, subscriptions to events, federation, slices by file or service. Prints nothing.
export { type BuiltSchema, buildSchema } from "./build-schema.js";
export type { Applied } from "./federation.js";
export { listNames } from "./public-names.js";
export { sliceSchema } from "./slice-schema.js";
