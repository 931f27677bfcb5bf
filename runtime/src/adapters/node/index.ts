// Node: serves an app on node:http, logs to the console. Only adapters import `node:` modules.
export { type ConsoleLoggerOptions, consoleLogger, type LogLevel } from "./console-logger.js";
export { type RunningServer, serve } from "./serve.js";
export type { ServeOptions } from "./serve-options.js";
export type { WebSocketUpgrade } from "./upgrade.js";
