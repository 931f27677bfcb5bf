// A network between a server and its database: node proxy.mjs PORT MILLISECONDS. Delays what comes back, so that each
// round trip takes that much longer.
import { connect, createServer } from "node:net";
import { serveParent } from "../harness/child.mjs";

const [port, milliseconds] = process.argv.slice(2).map(Number);

const server = createServer((client) => {
  const database = connect({ port, host: "127.0.0.1", noDelay: true });
  client.setNoDelay(true);
  client.pipe(database);
  database.on("data", (chunk) => setTimeout(() => client.writable && client.write(chunk), milliseconds));
  database.on("end", () => setTimeout(() => client.end(), milliseconds));
  for (const [one, other] of [
    [client, database],
    [database, client],
  ]) {
    one.on("error", () => other.destroy());
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

serveParent({ port: () => server.address().port });
