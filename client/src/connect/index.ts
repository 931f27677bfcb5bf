// The Connect protocol over `fetch`: unary calls by POST and GET, streams in envelopes.
export type { MessageFormat } from "./answers.js";
export { type ConnectTransportOptions, connectTransport } from "./connect-transport.js";
