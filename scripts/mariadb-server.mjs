// MariaDB servers that their caller controls: stopped as in a power failure, restarted on the same data. Each in its own
// folder on a free port.
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installFromDebian } from "./debian.mjs";
import { freePort } from "./postgres-server.mjs";

const program = "/usr/sbin/mariadbd";

/** Starts a new server. Installs it if this process may. `settings` go to it as `--name=value`. */
export async function startMariadbServer({ settings = {} } = {}) {
  if (!existsSync(program)) installFromDebian("mariadb-server", program);
  const folder = await mkdtemp(join(tmpdir(), "potter-mariadb-"));
  try {
    const user = unprivileged();
    if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
    const data = join(folder, "data");
    const install = [
      "--no-defaults",
      `--datadir=${data}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
    ];
    execFileSync("mariadb-install-db", install, { ...user, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    const server = new MariadbServer(folder, data, await freePort(), settings);
    await server.start();
    return server;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** One server and its data. */
class MariadbServer {
  constructor(folder, data, port, settings) {
    this.folder = folder;
    this.data = data;
    this.port = port;
    this.settings = settings;
    this.url = `mysql://root@127.0.0.1:${port}/mysql`;
    this.process = undefined;
  }

  /** Starts the server on its data. Resolves when it accepts connections. */
  async start() {
    const flags = Object.entries(this.settings).map(([name, value]) => `--${name}=${value}`);
    const own = [`--datadir=${this.data}`, `--port=${this.port}`, `--socket=${join(this.folder, "socket")}`];
    const fixed = ["--no-defaults", "--bind-address=127.0.0.1", "--skip-name-resolve", "--innodb-buffer-pool-size=32M"];
    const child = spawn(program, [...fixed, ...own, ...flags], {
      ...unprivileged(),
      cwd: this.folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    // However this process ends, the server must not outlive it.
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    const exited = new Promise((resolve) => child.once("exit", resolve)).then(() => {
      process.off("exit", kill);
      if (this.process?.child === child) this.process = undefined;
    });
    this.process = { child, exited };
    await ready(child);
  }

  /** Ends the server with a signal: SIGTERM shuts down, SIGKILL is like a power failure: recovery follows. */
  async halt(signal = "SIGTERM") {
    const running = this.process;
    running?.child.kill(signal);
    await running?.exited;
  }

  /** Ends it at once and starts it again on the same data. */
  async crash() {
    await this.halt("SIGKILL");
    await this.start();
  }

  /** Ends it and removes its data. */
  async stop() {
    await this.halt("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** MariaDB refuses to run as root: then it runs as the user mysql, which its package creates. */
function unprivileged() {
  if (process.getuid?.() !== 0) return {};
  const id = (flag) => Number(execFileSync("id", [flag, "mysql"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Resolves when the server reports that it accepts connections. Keeps reading its output, so that it never blocks. */
function ready(server) {
  return new Promise((resolve, reject) => {
    let log = "";
    server.stderr.on("data", (chunk) => {
      if (log === undefined) return;
      log += chunk;
      if (!/ready for connections/.test(log)) return;
      log = undefined;
      resolve();
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`mariadbd ended with ${code}: ${log?.trim()}`)));
  });
}
