// REST: routes from the HTTP bindings of methods, ProtoJSON in and out. Knows no server and no store.
export { rest } from "./rest.js";
export type { RestOptions } from "./rest-options.js";
