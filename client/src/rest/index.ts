// The HTTP bindings of a contract over `fetch`: paths, query strings and bodies of JSON, server-sent events, problems.
export { type RestTransportOptions, restTransport } from "./rest-transport.js";
