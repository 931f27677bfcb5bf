// One server in its own process: node server-child.mjs SERVER. Publishes items on request of the parent.
import { serveParent } from "../harness/child.mjs";
import { small } from "../harness/echo.mjs";
import { cpu, memory } from "../harness/process-usage.mjs";

const { start } = await import(process.argv[2]);
const { port, publish } = await start();

serveParent({
  port: () => port,
  cpu,
  memory,
  /** The number of an item is its amount. */
  publish: ({ number }) => publish({ ...small, amount: BigInt(number) }),
});
