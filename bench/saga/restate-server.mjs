import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../scripts/postgres-server.mjs";

const platform = `${process.platform}-${process.arch}`;

/** The programs that Restate needs, and npm brings. Throws if there are none for this platform. */
export function findRestate() {
  const server = find(`@restatedev/restate-server-${platform}`, "bin/restate-server");
  // Its SDK needs Node 22.
  const isNew = Number(process.versions.node.split(".")[0]) >= 22;
  return { server, node: isNew ? process.execPath : find(`node-${platform}`, "bin/node") };
}

function find(name, program) {
  const folder = createRequire(import.meta.url)
    .resolve.paths(name)
    .map((path) => join(path, name))
    .find((path) => existsSync(join(path, program)));
  if (folder === undefined) throw new Error(`npm has not installed ${name}`);
  return join(folder, program);
}

/** Starts a server on free ports, with its default settings. `port`: where it calls its worker. */
export async function startRestate(program) {
  const folder = await mkdtemp(join(tmpdir(), "potter-restate-"));
  const [ingress, admin, node, port] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const child = spawn(program, ["--base-dir", folder, "--node-name", "bench"], {
    cwd: folder,
    stdio: "ignore",
    env: {
      ...process.env,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
      RESTATE_DISABLE_TELEMETRY: "true",
    },
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    kill();
    await ended;
    process.off("exit", kill);
    await rm(folder, { recursive: true, force: true });
  };
  const addresses = { ingress: `http://127.0.0.1:${ingress}`, admin: `http://127.0.0.1:${admin}`, port };
  try {
    await isReady(child, `${addresses.admin}/health`);
    await isReady(child, `${addresses.ingress}/restate/health`);
    // It is healthy before its log of invocations can be read.
    await isReady(child, `${addresses.admin}/query`, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify({ query: "SELECT count(*) AS count FROM sys_invocation" }),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...addresses, readCpu: () => readCpu(child.pid), stop };
}

async function isReady(child, url, request) {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
    if (child.exitCode !== null) throw new Error(`the server of Restate ended with ${child.exitCode}`);
    const response = await fetch(url, request).catch(() => undefined);
    await response?.text().catch(() => {});
    if (response?.ok) return;
  }
  throw new Error(`the server of Restate does not answer ${url}`);
}

/** The CPU microseconds that it has used; undefined where there is no /proc. */
function readCpu(pid) {
  if (process.platform !== "linux") return undefined;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
