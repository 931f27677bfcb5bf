// `potter lock`: the names that clients of the GraphQL schema use are recorded, kept, removed.
export { help, run } from "./lock.js";
