// One server in its own process: node server-child.mjs SERVER WORK. Sends the parent its port, the CPU it has used
// and, if it keeps any, how many orders it holds.
import { serveParent } from "./child.mjs";
import { cpu } from "./process-usage.mjs";

const server = await import(process.argv[2]);
const { port, size } = await server.start(process.argv[3]);

serveParent({
  port: () => port,
  cpu,
  size: () => size?.(),
});
