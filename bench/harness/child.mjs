import { execFileSync, spawn } from "node:child_process";

/**
 * Starts a script in its own process, on the last core if the machine supports pinning, so that contenders share
 * neither heap nor compiler nor inline caches, and the parent (such as a load generator) runs in parallel. `pinned: false`
 * leaves it to the scheduler, where another process works with it. `program`: another Node than the one that runs this.
 */
export async function startChild(script, args, { cpuProfileTo, pinned = true, program = process.execPath } = {}) {
  const node = [program, ...(cpuProfileTo ? ["--cpu-prof", `--cpu-prof-dir=${cpuProfileTo}`] : [])];
  const [command, ...rest] = [...(pinned && pin() ? ["taskset", "-c", pin().last] : []), ...node, script, ...args];
  const child = spawn(command, rest, { stdio: ["ignore", "inherit", "inherit", "ipc"], serialization: "advanced" });
  await nextMessage(child);
  return {
    /** Sends a message and waits for its response. */
    async ask(message) {
      const answer = nextMessage(child);
      child.send(message);
      const { error, value } = await answer;
      if (error !== undefined) throw new Error(error);
      return value;
    },
    /** Kills the process, as a failure would, and waits for its exit. */
    async kill() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
    /** Ends the process and waits for its exit. */
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.disconnect();
      const deadline = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(deadline);
    },
  };
}

/** The child's side: answers each message by `handlers[message.kind](message)` until the parent hangs up. */
export function serveParent(handlers) {
  process.on("message", async (message) => {
    try {
      process.send({ value: await handlers[message.kind](message) });
    } catch (error) {
      process.send({ error: error.stack ?? String(error) });
    }
  });
  process.on("disconnect", () => process.exit(0));
  process.send({ value: "ready" });
}

/** Moves this process to the first core, away from the children. Returns the function that releases it. */
export function pinParent() {
  const cores = pin();
  if (cores === undefined) return () => {};
  const moveTo = (list) => execFileSync("taskset", ["-acp", list, String(process.pid)], { stdio: "ignore" });
  moveTo(cores.first);
  return () => moveTo(cores.all);
}

let cores;
function pin() {
  cores ??= readCores();
  return cores === "none" ? undefined : cores;
}

function readCores() {
  try {
    const line = execFileSync("taskset", ["-cp", String(process.pid)], { encoding: "utf8" });
    const list = line.slice(line.lastIndexOf(":") + 1).trim();
    const numbers = list.split(",").flatMap((part) => part.split("-"));
    return numbers.length < 2 ? "none" : { all: list, first: numbers[0], last: numbers.at(-1) };
  } catch {
    // Not Linux, or no taskset: the scheduler decides, for all contenders alike.
    return "none";
  }
}

function nextMessage(child) {
  return new Promise((resolve, reject) => {
    const onMessage = (message) => {
      child.off("exit", onExit);
      resolve(message);
    };
    const onExit = (code, signal) => {
      child.off("message", onMessage);
      reject(new Error(`A contender ended by itself (${signal ?? `exit code ${code}`})`));
    };
    child.once("message", onMessage);
    child.once("exit", onExit);
  });
}
