// Node: an app on node:http, and logging to the console. The only rooms with `node:` imports are adapters like this.
export { type ConsoleLoggerOptions, consoleLogger } from "./console-logger.js";
export { nodeAes } from "./node-aes.js";
export { type RunningServer, serve } from "./serve.js";
export type { ServeOptions } from "./serve-options.js";
export type { WebSocketUpgrade } from "./upgrade.js";
