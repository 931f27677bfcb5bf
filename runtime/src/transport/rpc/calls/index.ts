// Calls of methods, whatever the protocol: from the request to the result or the items of a stream, within a time.
export { CallScope } from "./call-scope.js";
export { Endpoint } from "./endpoint.js";
export { Exchange, type ExchangeContext, type RequestSource } from "./exchange.js";
export type { FormatName, MessageFormat } from "./message-format.js";
export { RequestMessages } from "./request-messages.js";
export { ResponseBody, type StreamWriting } from "./response-body.js";
export type { ResponseItems } from "./response-items.js";
