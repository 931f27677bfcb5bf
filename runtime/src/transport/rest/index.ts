// REST: routes from the HTTP bindings of methods, split into request/, response/ and streams/. Knows no server and no store.
export type { RestOptions } from "./options.js";
export { rest } from "./rest.js";
