// Node: serves an app with HTTP/1.1 and HTTP/2, logs to the console. Only adapters import `node:` modules.
export { type ConsoleLoggerOptions, consoleLogger, type LogLevel } from "./console-logger.js";
export type { Http2Options, ServeOptions, TlsCertificate, TlsMaterial, WebSocketUpgrade } from "./options/index.js";
export { type RunningServer, serve } from "./serve.js";
