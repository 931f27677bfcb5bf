// WebSockets with the package ws, for `serve` of `@potter/runtime/node`.
export { type Upgrade, ws } from "./ws.js";
