// Calls of methods, whatever the protocol: from the request to the result or the items of a stream, within a time.
export type { CallScope } from "./call-scope.js";
export { Endpoint, type EndpointTraits } from "./endpoint.js";
export { openEnvelopedRequest, type RequestWriting, readEnvelopedMessage } from "./enveloped-request.js";
export { Exchange, type ExchangeContext, type RequestSource } from "./exchange.js";
export type { FormatName, MessageFormat } from "./message-format.js";
export { beginFields, positionFields } from "./position-fields.js";
export { ResponseBody } from "./response-body.js";
export { reserveFields } from "./response-fields.js";
