// WebSockets on Bun. Needs no package.
export { type BunServer, type BunSocket, type BunUpgrade, type BunWebSockets, bun } from "./bun.js";
