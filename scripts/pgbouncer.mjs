// PgBouncer in front of a PostgreSQL server: each transaction may use another connection of the server.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { installFromDebian } from "./debian.mjs";
import { freePort, makeFolder, unprivileged } from "./postgres-server.mjs";

/** Starts it in front of the server with this URL, in transaction mode. Installs it if this process has the permission. */
export async function startPgBouncer(url, { settings = {} } = {}) {
  const program = "/usr/sbin/pgbouncer";
  if (!existsSync(program)) installFromDebian("pgbouncer", program);
  const server = new URL(url);
  const folder = await makeFolder();
  const port = await freePort();
  const all = {
    listen_addr: "127.0.0.1",
    listen_port: port,
    auth_type: "any",
    pool_mode: "transaction",
    // Fewer than clients, so that they share connections.
    default_pool_size: 4,
    max_client_conn: 200,
    unix_socket_dir: "",
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  const config = join(folder, "pgbouncer.ini");
  await writeFile(
    config,
    `[databases]\n* = host=${server.hostname} port=${server.port} user=${server.username}\n[pgbouncer]\n${lines.join("\n")}\n`,
    { mode: 0o644 },
  );
  const child = spawn(program, [config], {
    ...unprivileged(),
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const exited = new Promise((resolve) => child.once("exit", resolve));
  await new Promise((resolve, reject) => {
    let log = "";
    child.stderr.on("data", (chunk) => {
      log += chunk;
      if (log.includes("process up")) resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`pgbouncer ended with ${code}: ${log.trim()}`)));
  });
  const through = new URL(url);
  through.port = String(port);
  return {
    url: through.href,
    async stop() {
      process.off("exit", kill);
      kill();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
