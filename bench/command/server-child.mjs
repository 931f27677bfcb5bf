// One server in its own process: node server-child.mjs SERVER OPTIONS, as JSON.
import { PGlite } from "@electric-sql/pglite";
import { serveParent } from "../harness/child.mjs";
import { createDatabase } from "../harness/postgres.mjs";
import { request } from "../http/order.mjs";
import { createOrderIds } from "./streams.mjs";
import { countCalls, countTraffic } from "./traffic.mjs";

const [file, text] = process.argv.slice(2);
const { postgres, proxyPort, ...options } = JSON.parse(text);
const url = postgres && new URL(await createDatabase(postgres));
if (proxyPort) url.port = String(proxyPort);
const traffic = url ? countTraffic(Number(url.port)) : countCalls(PGlite);
const { start } = await import(file);
const server = await start({ ...options, url: url?.href });

/** What the process has used so far: CPU in microseconds, and what it has sent to the database. */
function usage() {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, ...traffic };
}

/** Calls the handler from this process, without HTTP. */
async function callFor({ milliseconds, callers, stream }) {
  const ids = createOrderIds(stream);
  const latencies = [];
  const end = performance.now() + milliseconds;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      do {
        const started = performance.now();
        const id = ids.next(caller);
        const body = structuredClone(request);
        if (id === undefined) await server.place(body);
        else await server.add(id, body);
        latencies.push(performance.now() - started);
      } while (performance.now() < end);
    }),
  );
  return { latencies: Float64Array.from(latencies), created: ids.created() ?? latencies.length };
}

serveParent({
  about: () => ({
    port: server.port,
    base: server.base,
    commandIds: server.commandIds,
    hasRows: server.hasRows ?? true,
  }),
  usage,
  callFor,
  stored: () => server.stored(),
  close: () => server.close(),
});
