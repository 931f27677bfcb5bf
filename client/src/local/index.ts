// Calls of an app in the same process.
export type { LocalApp, LocalCodec, LocalMethod, LocalResult } from "./local-app.js";
export { type LocalTransportOptions, localTransport } from "./local-transport.js";
