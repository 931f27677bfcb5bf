// WebSockets on Deno. Needs no package.
export { type DenoServer, deno } from "./deno.js";
