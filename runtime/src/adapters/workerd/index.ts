// WebSockets on workerd, the runtime of Cloudflare Workers. Needs no package.
export { type Worker, workerd } from "./workerd.js";
