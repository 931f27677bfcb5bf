// REST: routes from the HTTP bindings of methods, ProtoJSON in and out. Knows no server and no store.
export { type RestOptions, rest } from "./rest.js";
