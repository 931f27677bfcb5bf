#!/usr/bin/env node
// Starts the real servers that tests need, each in its own folder on a free port, and stops the started ones.
//
//   node scripts/services.mjs run postgres -- <command>   runs a command with POTTER_POSTGRES_URL set
//   node scripts/services.mjs start postgres              prints the URL and serves until it is interrupted
//   node scripts/services.mjs run mariadb -- <command>    the same with POTTER_MARIADB_URL; installs MariaDB if need be
//   node scripts/services.mjs run chromium -- <command>   installs Chromium if need be, and sets POTTER_CHROMIUM
//
// `POTTER_POSTGRES=debian` takes the server of the system instead of the one that npm brought. Tests that kill servers,
// or need a replica, TLS or PgBouncer, start their own: `postgres-server.mjs`, `mariadb-server.mjs`, `pgbouncer.mjs`.
//
// As a library: `start(["postgres"])` returns `{ env, skipped, stop() }`. A server that is not available is named in
// `skipped` with the reason, never passed over in silence.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installFromDebian } from "./debian.mjs";
import { startMariadbServer } from "./mariadb-server.mjs";
import { startPostgresServer } from "./postgres-server.mjs";

/** Each service: the variable that holds its URL (of a program: its path), and how to start it. */
const services = {
  postgres: { variable: "POTTER_POSTGRES_URL", start: startPostgres },
  mariadb: { variable: "POTTER_MARIADB_URL", start: startMariadbServer },
  chromium: { variable: "POTTER_CHROMIUM", start: findChromium },
};

/** Starts services by name. One whose variable is set already is taken as it is, and not stopped. */
export async function start(names = Object.keys(services)) {
  const env = {};
  const skipped = [];
  const stops = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  for (const name of names) {
    const service = services[name];
    if (service === undefined)
      throw new Error(`there is no service ${name}: expected ${Object.keys(services).join(", ")}`);
    const given = process.env[service.variable];
    if (given) {
      env[service.variable] = given;
      continue;
    }
    try {
      const started = await service.start();
      env[service.variable] = started.url;
      stops.push(() => started.stop());
    } catch (error) {
      skipped.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { env, skipped, stop };
}

/** Reports prominently which servers could not be started. */
export function reportSkipped(skipped) {
  for (const { name, reason } of skipped) {
    process.stderr.write(`\n*** SKIPPED: ${name} cannot be started, tests that need it do not run: ${reason}\n\n`);
  }
}

/** The server installed by npm, or else the one of the system; `POTTER_POSTGRES=debian` selects the latter. */
function startPostgres() {
  const source = process.env.POTTER_POSTGRES || undefined;
  return startPostgresServer({ source });
}

/** Finds the browser, which tests start themselves. Installs it where this process may. */
async function findChromium() {
  const path = "/usr/bin/chromium";
  if (!existsSync(path)) {
    installFromDebian("chromium", path);
  }
  return { url: path, async stop() {} };
}

async function main([action, ...rest]) {
  const end = rest.indexOf("--");
  const names = end < 0 ? rest : rest.slice(0, end);
  const command = end < 0 ? [] : rest.slice(end + 1);
  if (!["run", "start"].includes(action) || (action === "run") !== command.length > 0) {
    process.stderr.write("usage: services run [name…] -- <command>\n       services start [name…]\n");
    return 2;
  }
  const running = await start(names.length > 0 ? names : undefined);
  reportSkipped(running.skipped);
  // Both signals reach the command too; this process waits for it to end and then stops the servers.
  const interrupted = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, resolve);
  });
  try {
    if (action === "run") return await runCommand(command, { ...process.env, ...running.env });
    for (const [variable, url] of Object.entries(running.env)) process.stdout.write(`${variable}=${url}\n`);
    // Without its own handle, the process would end here if no server was started.
    const alive = setInterval(() => {}, 60_000);
    await interrupted;
    clearInterval(alive);
    return 0;
  } finally {
    await running.stop();
  }
}

function runCommand([program, ...args], env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: "inherit" });
    const pass = (signal) => child.kill(signal);
    process.on("SIGTERM", pass);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      process.off("SIGTERM", pass);
      resolve(code ?? (signal === null ? 1 : 130));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
